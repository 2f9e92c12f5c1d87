import { z } from 'zod'
import { isLoopback } from '../../base/is-loopback.ts'
import { parseStoreUrl, type StoreTarget, type TemporaryStoreTarget } from '../../store/store-target.ts'
import type { Environment } from '../environment.ts'
import { word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const STORE_VARIABLES = {
  STORE_URL: variable(
    'Where scans and the history are kept: file:/path/store.db, which belongs to one process, or postgres://user:password@host/database, which replicas share. Unset: nothing is kept, and what needs it is off. With the sandbox it is then a file that lasts until the server ends.',
    null,
    z.string().transform((text, context): StoreTarget => {
      const parsed = parseStoreUrl(text)
      if (parsed.ok) return parsed.target
      context.addIssue({ code: 'custom', message: parsed.rule })
      return z.NEVER
    }),
  ),
  STORE_URL_FILE: variable('File that holds it, in its place. Read only at the start.', null, word),
}

/**
 * The sandbox forgets everything at its end, so that its store needs to live no longer.
 *
 * @returns `null` if nothing is kept
 */
export function readStore(
  env: Environment,
  { isProduction }: Mode,
  usesSandbox: boolean,
): StoreTarget | TemporaryStoreTarget | null {
  const { STORE_URL: target } = env.read(STORE_VARIABLES)
  if (target === null) return usesSandbox && !env.isGiven('REDIS_URL') ? { kind: 'temporary' } : null
  switch (target.kind) {
    case 'file':
      if (env.isGiven('REDIS_URL')) {
        env.refuse('STORE_URL', 'must be postgres:// with REDIS_URL, because replicas cannot share a file')
      }
      break
    case 'postgres':
      if (isProduction && !target.isVerified && !isLoopback(toUrlHost(target.host))) {
        env.refuse(
          'STORE_URL',
          'must end in ?sslmode=verify-full in production, unless the host is this machine itself',
        )
      }
  }
  return target
}

/** Writes an IPv6 address with its brackets, as `URL` does. */
function toUrlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
