// A Redis of the script's own on a free port, kept in memory, that can be killed and started again. It shares
// the counter's core, because it works little and must not take the servers' time.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { CORES, onCore } from './cores.mjs'
import { endWithParent } from './end-with-parent.mjs'
import { freePort } from './free-port.mjs'
import { sleep } from './layer.mjs'

const atExit = []
process.once('exit', () => {
  for (const end of atExit) end()
})

export async function startRedis() {
  const port = await freePort()
  // A replica writes the data of its primary to a file in any case.
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', folder]
  const redisArgs = ['--port', `${port}`, '--bind', '127.0.0.1', ...memoryOnly]
  const [command, ...args] = onCore(CORES.counter, ['redis-server', ...redisArgs])
  let child = null
  atExit.push(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const redis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = endWithParent(spawn(command, args, { stdio: 'ignore' }))
      await once(child, 'spawn')
      while (!(await answers(port))) await sleep(20)
    },
    /** Keeps its connections and stays silent until `resume`. */
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    /** Sends one command as an operator. The command must succeed. */
    async tell(command) {
      const socket = createConnection(port, '127.0.0.1')
      socket.write(`${command}\r\n`)
      const [reply] = await once(socket, 'data')
      socket.destroy()
      if (!`${reply}`.startsWith('+')) throw new Error(`Redis refuses ${command.split(' ')[0]}`)
    },
    async kill() {
      if (child === null || child.exitCode !== null) return
      const exited = once(child, 'close')
      child.kill('SIGKILL')
      await exited
    },
  }
  await redis.start()
  return redis
}

function answers(port) {
  return new Promise(resolve => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
