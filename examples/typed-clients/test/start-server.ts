import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process, { env, execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Relative to dist/test/. */
const MAIN = fileURLToPath(new URL('../../../../dist/main.js', import.meta.url))

/** No child outlives this process. */
const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

export interface RunningServer extends AsyncDisposable {
  readonly url: string
  readonly sandboxUrl: string
  readonly token: string
}

/** Starts the real server as a process of its own, on free ports and its sandbox. */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const child = spawn(execPath, [MAIN], {
    env: { PATH: env['PATH'], PORT: '0', SANDBOX_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'close')
  children.add(child)
  child.once('exit', () => children.delete(child))
  let sandboxUrl = ''
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: { sandbox?: string; graphql?: string } = JSON.parse(line)
    sandboxUrl = entry.sandbox ?? sandboxUrl
    if (entry.graphql === undefined) continue
    child.stdout.resume()
    return {
      url: entry.graphql,
      sandboxUrl,
      token: await fetchToken(sandboxUrl),
      async [Symbol.asyncDispose]() {
        child.kill()
        await exited
      },
    }
  }
  throw new Error('The server ended before it was ready')
}

async function fetchToken(sandboxUrl: string): Promise<string> {
  const { admin }: { admin: string } = await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()
  return admin
}
