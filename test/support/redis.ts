import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { systemClock } from '../../src/base/clock.ts'
import type { ReplicaSharingOptions } from '../../src/replicas.ts'
import { endWithParent } from './end-with-parent.ts'
import { findFreePort } from './free-port.ts'

/** A Redis in memory, on a port of its own, that a test can take away. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string
  start(): Promise<void>
  kill(): Promise<void>
  /** Keeps its connections and stays silent until `resume`. */
  pause(): void
  resume(): void
}

/**
 * Returns the options of a replica, unless a test sets its own. They are patient, because a slow Redis on a busy
 * machine says nothing about the product.
 */
export function toSharingOptions(url: string): ReplicaSharingOptions {
  return {
    url,
    keyPrefix: 'test',
    replicas: null,
    maxRps: 300,
    tlsFiles: { certFile: null, keyFile: null, caFile: null },
    timeoutMs: 2_000,
    lostAfterTimeouts: 3,
    clock: systemClock,
    log: pino({ level: 'silent' }),
  }
}

/** Without `redis-server`, the stories that need one are skipped, and each file says so once. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0
if (!HAS_REDIS) console.log('redis-server is not installed: the stories of several replicas are skipped.')

/** @param args for `redis-server`. They win over its other arguments */
export async function startRedis(
  args: readonly string[] = [],
  { isTls = false }: { readonly isTls?: boolean } = {},
): Promise<TestRedis> {
  const port = await findFreePort()
  // A replica writes the data of its primary to a file in any case.
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', folder]
  const listen = isTls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]
  const fixed = [...listen, '--bind', '127.0.0.1', ...memoryOnly]
  let child: ChildProcess | null = null
  const redis: TestRedis = {
    url: isTls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    async start() {
      child = endWithParent(spawn('redis-server', [...fixed, ...args], { stdio: 'ignore' }))
      while (!(await accepts(port))) {
        if (child.exitCode !== null) throw new Error('redis-server ends at its start')
        await sleep(10)
      }
    },
    async kill() {
      if (child === null) return
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      child = null
      await closed
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await redis.kill()
      await rm(folder, { recursive: true })
    },
  }
  await redis.start()
  return redis
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
