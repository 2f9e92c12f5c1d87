import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MemoryLimit } from './memory-limit.ts'

/** The subject has a core to itself. Its callers and its upstream share the other one. */
export const SUBJECT_CORE = 0
export const DRIVER_CORE = 1

export interface ProcessOptions {
  /** The name in messages. */
  readonly name: string
  /** The path of the Node that runs it. */
  readonly nodePath: string
  readonly script: string
  readonly core: number
  readonly env: Readonly<Record<string, string>>
  /** The file that takes its output. */
  readonly logFile: string
  readonly nodeArgs?: readonly string[]
  /** The limit of memory that it starts in. */
  readonly memoryLimit?: Pick<MemoryLimit, 'procsFile'>
}

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number
  /** The address at which `PORT` told it to listen. */
  readonly url: string
  /** Milliseconds from the start of the process to its first HTTP response, whatever that says. */
  readonly respondsAfterMs: number
  /** Sends a question over the channel between the two processes, to scripts that reply there. */
  ask(question: string): Promise<unknown>
  stop(): Promise<void>
}

const LONGEST_START_MS = 30_000
const POLL_MS = 2
const LOG_TAIL_CHARS = 2_000
/** Node reads the limit of memory once, when it starts. So the shell enters it, and becomes Node. */
const ENTER = 'echo $$ > "$0" && exec "$@"'

const children = new Set<ChildProcess>()

// A harness that ends early leaves no process behind.
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/**
 * Starts a Node script pinned to a core. Resolves once `isReady` has resolved to `true`. It rejects while nobody
 * listens.
 *
 * @throws with the end of its output if it ends or stays silent
 */
export async function startProcess(
  options: ProcessOptions,
  isReady: (url: string) => Promise<boolean>,
): Promise<RunningProcess> {
  const { name, nodePath, script, core, env, logFile, nodeArgs = [], memoryLimit } = options
  const port = await findFreePort()
  const log = openSync(logFile, 'a')
  const startedAtMs = performance.now()
  const pinned = ['taskset', '-c', `${core}`, nodePath, ...nodeArgs, script]
  const args = memoryLimit === undefined ? pinned : ['sh', '-c', ENTER, memoryLimit.procsFile, ...pinned]
  const child = spawn('env', args, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: `${port}`, ...env },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const ended = once(child, 'exit')
  children.add(child)
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(timer)
    }
    children.delete(child)
  }

  let respondsAfterMs: number | null = null
  const look = async (): Promise<boolean> => {
    const ready = await isReady(url)
    respondsAfterMs ??= performance.now() - startedAtMs
    return ready
  }
  const givesUpAtMs = startedAtMs + LONGEST_START_MS
  while (!(await look().catch(() => false))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > givesUpAtMs) {
      await stop()
      throw new Error(`${name} did not start: ${readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARS)}`)
    }
    await sleep(POLL_MS)
  }
  const { pid } = child
  if (pid === undefined || respondsAfterMs === null) throw new Error(`${name} has no process id`)
  return {
    pid,
    url,
    respondsAfterMs,
    ask: async question => {
      const answered = once(child, 'message')
      child.send(question)
      const [answer] = await answered
      return answer
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a TCP address')
  return address.port
}
