import type { Json } from './app.ts'
import { startIssuer } from './issuer.ts'
import { graphqlUrl, startProgram } from './program.ts'

export interface StartedProcess extends AsyncDisposable {
  /** Sends a document as a caller with all rights. */
  graphql(query: string): Promise<Json>
  /** The lines of the log and of the journal so far. */
  lines(): Json[]
}

/** Starts the built program as a server for callers of an issuer of its own. */
export async function startProcess(env: Readonly<Record<string, string>>): Promise<StartedProcess> {
  const issuer = await startIssuer()
  const program = startProgram([], { PORT: '0', ...issuer.env, ...env })
  const url = await graphqlUrl(program)
  const authorization = `Bearer ${await issuer.token()}`
  return {
    lines: () =>
      program
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line): Json => JSON.parse(line)),
    async graphql(query) {
      const headers = { authorization, 'content-type': 'application/json' }
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
      return answer.json()
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      await issuer[Symbol.asyncDispose]()
    },
  }
}
