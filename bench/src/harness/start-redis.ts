import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DRIVER_CORE, findFreePort } from './start-process.ts'

/**
 * Starts Debian's redis-server in memory on a free port, beside the load. It ends with this process.
 *
 * @throws if there is none on this machine
 */
export async function startRedis(): Promise<string> {
  const port = await findFreePort()
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('taskset', ['-c', `${DRIVER_CORE}`, 'redis-server', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(() => {
    throw new Error('redis-server did not start: is it installed?')
  })
  const ready = new Promise<void>(resolve => {
    child.stdout.on('data', chunk => {
      if (String(chunk).includes('Ready to accept connections')) resolve()
    })
  })
  await Promise.race([ready, ended])
  ended.catch(() => {})
  // Otherwise this process would not end.
  child.stdout.destroy()
  child.unref()
  return `redis://127.0.0.1:${port}`
}
