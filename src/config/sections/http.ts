import { z } from 'zod'
import { parseTrustedProxies } from '../../http/client-address/trusted-proxies.ts'
import type { ServerSettings } from '../../http/server.ts'
import type { Environment } from '../environment.ts'
import { isServiceLink, list, onOrOff, parsed, port, wholeNumber, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const HTTP_VARIABLES = {
  PORT: variable('Port of the GraphQL server.', '4000', port, isServiceLink),
  HOST: variable(
    'Address to listen on.',
    '127.0.0.1',
    word.refine(text => !isMachineType(text), 'must be an address of this machine'),
    isMachineType,
  ),
  GRAPHIQL: variable(
    'GraphiQL page at /graphql: on or off. Unset: off in production, otherwise on.',
    null,
    onOrOff,
  ),
  INTROSPECTION: variable(
    'Introspection and the published SDL: on or off. Unset: off in production, otherwise on.',
    null,
    onOrOff,
  ),
  REQUEST_DEADLINE_MS: variable(
    'Longest time for one operation, in milliseconds. A request may ask for less with `x-request-deadline-ms`.',
    '10000',
    wholeNumber(1_500, 600_000),
  ),
  SHUTDOWN_DELAY_MS: variable(
    'Time between SIGTERM and the last new connection, in milliseconds. Requests are still served. Set it to two probe periods of your load balancer.',
    '0',
    wholeNumber(0, 300_000),
  ),
  KEEP_ALIVE_TIMEOUT_MS: variable(
    'How long an idle connection is kept, in milliseconds. It must be longer than your load balancer keeps its own. The default outlasts the 600 s of Google Cloud.',
    '620000',
    wholeNumber(1_000, 3_600_000),
  ),
  TRUST_PROXY: variable(
    "Proxies in front of the server that are believed about the client's address: their number, or addresses, networks (`10.0.0.0/8`) and `loopback`, `linklocal`, `uniquelocal`, separated by commas. Unset: none.",
    null,
    parsed(parseTrustedProxies, 'must be a number up to 16, or addresses and networks'),
  ),
  CORS_ORIGINS: variable(
    'Origins whose pages may read responses, separated by commas. Unset: none.',
    null,
    list(z.string().refine(isOrigin, 'must be origins such as https://console.example.com')),
  ),
}

export interface HttpSettings extends ServerSettings {
  /** The time from SIGTERM until the server accepts no new connection. */
  readonly shutdownDelayMs: number
}

export function readHttp(env: Environment, { isProduction }: Mode): HttpSettings {
  const values = env.read(HTTP_VARIABLES)
  return {
    port: values.PORT,
    host: values.HOST,
    graphiql: values.GRAPHIQL ?? !isProduction,
    introspection: values.INTROSPECTION ?? !isProduction,
    requestDeadlineMs: values.REQUEST_DEADLINE_MS,
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    keepAliveTimeoutMs: values.KEEP_ALIVE_TIMEOUT_MS,
    trustedProxies: values.TRUST_PROXY ?? { kind: 'NONE' },
    corsOrigins: values.CORS_ORIGINS ?? [],
  }
}

/**
 * Recognizes the machine type that a compiler's environment sets in this variable, for example
 * `x86_64-conda-linux-gnu`.
 */
function isMachineType(text: string): boolean {
  return /^[a-z\d_]+-(?:apple|conda|pc|unknown)-[a-z]/i.test(text)
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
}
