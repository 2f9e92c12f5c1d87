import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { watchForLeaks } from './canaries.ts'
import { endWithParent } from './end-with-parent.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Program extends AsyncDisposable {
  readonly process: ChildProcess
  stdout(): string
  stderr(): string
  exitCode(): Promise<number | null>
}

/** Starts the built program as a process of its own, with only the given environment. */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
): Program {
  return startIn(ROOT, [...nodeArgs, 'dist/bundle/main.js', ...args], env)
}

/** Starts Node in a folder, with arguments and only the given environment. */
export function startIn(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Program {
  const child = endWithParent(
    spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    }),
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => {
    watchForLeaks('stdout', String(chunk))
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    watchForLeaks('stderr', String(chunk))
    stderr += chunk
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    exitCode: () => exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/**
 * Returns the URL of a started server's `/graphql`. If the server does not get ready, it is ended, because its test has
 * no handle of it.
 */
export async function graphqlUrl(started: Program): Promise<string> {
  try {
    await vi.waitUntil(() => started.stdout().includes('"msg":"ready"'), { timeout: 15_000 })
  } catch (error) {
    await started[Symbol.asyncDispose]()
    throw error
  }
  return /"graphql":"([^"]+)"/.exec(started.stdout())?.[1] ?? ''
}
