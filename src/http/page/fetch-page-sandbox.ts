import { z } from 'zod'
import type { PageSandbox } from './graphiql.ts'

/** Asks the sandbox for the tokens that it gives to everybody who reaches it, one for each role. */
export async function fetchPageSandbox(sandbox: {
  readonly url: string
  readonly people: PageSandbox['users']
}): Promise<PageSandbox> {
  const response = await fetch(`${sandbox.url}/sandbox/tokens`)
  const tokens = z.record(z.string(), z.string()).parse(await response.json())
  return { tokens, users: sandbox.people }
}
