import { BASE } from './base.ts'

/** The server's settings for the sign-in. */
export interface ConsoleConfig {
  readonly issuer: string
  readonly clientId: string
  readonly audience: string
  readonly scopes: readonly string[]
  /** `true` if nothing here is real. */
  readonly isSandbox: boolean
  /** The address of the API, as an absolute URL. */
  readonly graphql: string
}

/** Reads the settings of the page. It rejects if the server cannot be reached, or says something else. */
export async function readConfig(): Promise<ConsoleConfig> {
  const url = new URL(`${BASE}config.json`, location.href)
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  const read: unknown = response.ok ? await response.json() : null
  if (!isSettings(read)) throw new Error('No settings')
  return { ...read, graphql: new URL(read.graphql, url).href }
}

function isSettings(read: unknown): read is ConsoleConfig {
  if (typeof read !== 'object' || read === null) return false
  const { issuer, clientId, audience, scopes, isSandbox, graphql }: Partial<Record<string, unknown>> = {
    ...read,
  }
  return (
    [issuer, clientId, audience, graphql].every(value => typeof value === 'string') &&
    Array.isArray(scopes) &&
    scopes.every(scope => typeof scope === 'string') &&
    typeof isSandbox === 'boolean'
  )
}
