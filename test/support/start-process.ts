import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Json } from './app.ts'
import { watchForLeaks } from './canaries.ts'
import { startIssuer } from './issuer.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface StartedProcess extends AsyncDisposable {
  /** Sends a document as a caller who may do everything. */
  graphql(query: string): Promise<Json>
  /** The log lines so far, and the journal's. */
  lines(): Json[]
}

/** The built program as a process of its own, with nothing in its environment but what is given. */
export async function startProcess(env: Readonly<Record<string, string>>): Promise<StartedProcess> {
  const issuer = await startIssuer()
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...issuer.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'close')
  let stdout = ''
  const ready = new Promise<void>((resolve, reject) => {
    child.once('close', code => reject(new Error(`It ended with ${code}`)))
    child.stdout.on('data', chunk => {
      watchForLeaks('stdout', String(chunk))
      stdout += chunk
      if (stdout.includes('"msg":"ready"')) resolve()
    })
  })
  const lines = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line): Json => JSON.parse(line))
  await ready
  const url = lines().find(line => line.msg === 'ready').graphql
  const authorization = `Bearer ${await issuer.token()}`
  return {
    lines,
    async graphql(query) {
      const headers = { authorization, 'content-type': 'application/json' }
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
      return answer.json()
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      await issuer[Symbol.asyncDispose]()
    },
  }
}
