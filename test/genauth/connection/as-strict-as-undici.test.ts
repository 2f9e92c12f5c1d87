import { Pool } from 'undici'
import { expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { SingleUseConnections } from '../../../src/genauth/connection/single-use-connections.ts'
import { dispatchHttp, type HttpOutcome } from '../../../src/genauth/dispatch-http.ts'
import { startRawServer } from '../../support/raw-server.ts'
import { BAD_RESPONSES, GOOD_RESPONSES, RESPONSE_LIMITS } from '../../support/responses.ts'

const OPTIONS = { timeoutMs: 10_000, clock: systemClock, onSent() {}, isWanted: () => true }
const REQUEST = { method: 'GET', path: '/', headers: [], body: null } as const

/** What undici reads, and a connection for a single request refuses. All other outcomes are the same. */
const ONLY_UNDICI_READS = [
  'an empty line first',
  'a NUL in the reason',
  'chunks in HTTP/1.0',
  ...['gzip', 'gzip, chunked', 'chunked, gzip', 'chunked, chunked', 'identity', 'xchunked', ''].map(
    value => `the transfer encoding "${value}"`,
  ),
  'chunks twice',
  '304 with chunks',
  // undici does not count status lines, ends of lines and extensions.
  'headers too many',
  'trailers too long',
  'an extension too long',
]

it('a connection for a single request refuses what undici refuses, and a little more', async () => {
  const { maxHeaderBytes, maxBodyBytes } = RESPONSE_LIMITS
  const differences: string[] = []
  for (const [what, text] of [...GOOD_RESPONSES, ...BAD_RESPONSES]) {
    await using server = await startRawServer(socket => void socket.end(text, 'latin1'))
    const pool = new Pool(server.origin, {
      pipelining: 1,
      maxHeaderSize: maxHeaderBytes,
      maxResponseSize: maxBodyBytes,
    })
    const connections = new SingleUseConnections(server.origin, {
      connectTimeoutMs: 2_000,
      ...RESPONSE_LIMITS,
    })
    const own = await connections.dispatch(REQUEST, OPTIONS)
    const undici = await dispatchHttp(pool, { ...REQUEST, reset: true }, OPTIONS)
    await pool.destroy()
    if (undici.kind === 'ANSWERED' && own.kind === 'UNANSWERED') differences.push(what)
    else expect(toComparable(own), what).toEqual(toComparable(undici))
  }
  expect(differences).toEqual(ONLY_UNDICI_READS)
})

function toComparable(outcome: HttpOutcome) {
  if (outcome.kind === 'UNANSWERED') return { ...outcome, cause: null }
  const { 'retry-after': retryAfter, 'content-encoding': contentEncoding } = outcome.headers
  return { ...outcome, headers: { retryAfter, contentEncoding } }
}
