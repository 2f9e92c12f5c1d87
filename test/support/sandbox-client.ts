import { type Clock, systemClock } from '../../src/base/clock.ts'
import { Events } from '../../src/base/events.ts'
import { createGenAuthClient, type GenAuthClient } from '../../src/genauth/client.ts'
import { createLog } from '../../src/log.ts'

export interface ClientWishes {
  readonly maxRps?: number
  readonly timeoutMs?: number
  readonly clock?: Clock
}

/** Creates the product's own client of an upstream with the keys of the sandbox. */
export function createClient(
  upstream: { readonly url: string; readonly accessKeyId: string; readonly accessKeySecret: string },
  { maxRps = 300, timeoutMs = 5_000, clock = systemClock }: ClientWishes = {},
): GenAuthClient {
  return createGenAuthClient({
    url: upstream.url,
    accessKey: upstream,
    rereadKey: null,
    auth: 'token',
    userPoolId: null,
    headerPrefix: 'x-authing-',
    signatureScheme: 'authing',
    tenant: null,
    timeoutMs,
    maxRps,
    log: createLog('silent'),
    clock,
    observer: { events: new Events(), tracer: null, clock },
  })
}
