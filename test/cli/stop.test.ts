import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { endWithParent } from '../support/end-with-parent.ts'
import { findFreePort } from '../support/free-port.ts'
import { journalPath } from '../support/journal.ts'
import { startProgram } from '../support/program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FREE = { PORT: '0', SANDBOX_PORT: '0' }
const UNSHARE = ['--pid', '--fork', '--mount-proc', '--kill-child']
/** Without a request under way, of a process that has little of the processor. */
const STOP_MS = 8_000

/** Runs in the program before its own code. */
function preload(code: string): string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`]
}

/** Signals the program as soon as it has a handler, which is before it has loaded anything. */
function signalFirst(...signals: readonly string[]): string[] {
  const kills = signals.map(signal => `process.kill(process.pid, '${signal}')`).join('\n')
  return preload(
    `process.on('newListener', name => { if (name === 'SIGHUP') queueMicrotask(() => { ${kills} }) })`,
  )
}

describe('a signal before the server is ready', () => {
  it.each(['SIGTERM', 'SIGINT'])('%s abandons the start, with exit code 0', async signal => {
    const AUDIT_LOG = journalPath()
    await using program = startProgram([], { ...FREE, AUDIT_LOG }, signalFirst(signal))
    expect(await program.exitCode()).toBe(0)
    expect(program.stdout()).not.toContain('"msg":"ready"')
    expect(program.stdout()).toContain('"msg":"stopped"')
    expect(program.stderr()).toBe('')
    expect(existsSync(`${AUDIT_LOG}.lock`)).toBe(false)
  })

  it('ends the process immediately if it is the second one, and any command that serves nothing', async () => {
    const ends = async (args: readonly string[], ...signals: readonly string[]) => {
      await using program = startProgram(args, FREE, signalFirst(...signals))
      return await program.exitCode()
    }
    const all = [
      ends([], 'SIGTERM', 'SIGTERM'),
      ends([], 'SIGINT', 'SIGTERM'),
      ends(['sandbox'], 'SIGTERM'),
      ends(['sandbox'], 'SIGHUP'),
      ends(['audit-verify', dirname(journalPath())], 'SIGTERM'),
      ends(['audit-verify', dirname(journalPath())], 'SIGINT'),
    ]
    expect(await Promise.all(all)).toEqual([1, 1, 0, 129, 143, 130])
  })

  // A start takes as long as the machine lets it. Nothing here depends on how long that is.
  it('SIGHUP waits for the server', { timeout: 60_000 }, async () => {
    await using program = startProgram([], FREE, signalFirst('SIGHUP'))
    await vi.waitUntil(() => program.stdout().includes('none comes from a file'), { timeout: 55_000 })
    program.process.kill('SIGTERM')
    expect(await program.exitCode()).toBe(0)
  })

  it.skipIf(spawnSync('unshare', [...UNSHARE, 'true']).status !== 0)(
    'reaches the first process of a container, too',
    async () => {
      const args = [...UNSHARE, process.execPath, ...signalFirst('SIGTERM'), 'dist/bundle/main.js']
      const child = endWithParent(
        spawn('unshare', args, { cwd: ROOT, env: { PATH: process.env['PATH'] ?? '', ...FREE } }),
      )
      onTestFinished(() => void child.kill('SIGKILL'))
      child.stdout.resume()
      expect(await once(child, 'close')).toEqual([0, null])
    },
  )
})

describe('a server whose stdout nobody reads', { tags: 'long', timeout: 40_000 }, () => {
  /** Holds more than any pipe does before the first line of the log. */
  const FULL = preload("process.stdout.write('x'.repeat(500_000))")

  async function start(nodeArgs: readonly string[], env: Readonly<Record<string, string>>) {
    const port = await findFreePort()
    const child = endWithParent(
      spawn(process.execPath, [...nodeArgs, 'dist/bundle/main.js'], {
        cwd: ROOT,
        env: { PATH: process.env['PATH'] ?? '', ...FREE, PORT: `${port}`, ...env },
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    return { child, isAlive: () => isHealthy(`http://127.0.0.1:${port}/health`) }
  }

  async function isHealthy(url: string): Promise<boolean> {
    return (await fetch(url).catch(() => null))?.status === 200
  }

  async function endBy(child: ChildProcess, signal: NodeJS.Signals): Promise<[unknown, boolean]> {
    const startedAtMs = performance.now()
    child.kill(signal)
    const [code] = await once(child, 'exit')
    return [code, performance.now() - startedAtMs < STOP_MS]
  }

  it.each<[string, NodeJS.Signals, string]>([
    ['a full pipe', 'SIGTERM', 'stdout'],
    ['a full pipe', 'SIGINT', 'a file'],
    ['a pipe whose reader has died', 'SIGTERM', 'a file'],
    ['a pipe whose reader has died', 'SIGINT', 'stdout'],
  ])('on %s serves, and ends by %s in time, with the journal on %s', async (pipe, signal, journal) => {
    const env = { LOG_LEVEL: 'debug', AUDIT_LOG: journal === 'stdout' ? journal : journalPath() }
    const { child, isAlive } = await start(pipe === 'a full pipe' ? FULL : [], env)
    await vi.waitUntil(isAlive, { timeout: 15_000, interval: 50 })
    if (pipe !== 'a full pipe') child.stdout.destroy()
    expect(await isAlive()).toBe(true)
    expect(await endBy(child, signal)).toEqual([0, true])
  })
})
