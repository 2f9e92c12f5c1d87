import type { Reply } from './transport.ts'

/** Each attempt has a fresh nonce, so this code means that an earlier copy of the same request has arrived. */
export const REPEATED_SIGNATURE = 1306

/** GenAuth checks the signature before all work, so these codes are a refusal under any status. */
const REFUSED_SIGNATURES: ReadonlySet<number> = new Set([1300, 1301, 1302, 1303, 1304, 1305])

/**
 * Returns `true` if an attempt at a write is proven to have changed nothing. It is proven if no part of it was written
 * to a connection, or if GenAuth itself refused it.
 *
 * A page without an envelope does not come from GenAuth, whatever its status is. Its sender may have passed the write
 * on before.
 */
export function provesNotDone(reply: Reply): boolean {
  switch (reply.kind) {
    case 'NONE':
      return reply.reason === 'NOT_SENT' || reply.reason === 'UNSENDABLE'
    case 'NOT_AN_ENVELOPE':
      return false
    case 'ENVELOPE': {
      const { envelope, httpStatus } = reply
      const { apiCode, data } = envelope
      if (saysDone(data)) return false
      if (apiCode != null && REFUSED_SIGNATURES.has(apiCode)) return true
      return apiCode !== REPEATED_SIGNATURE && meansRefusal(envelope.statusCode) && allowsRefusal(httpStatus)
    }
  }
}

/** A refusal that also says that the write was made proves nothing. */
function saysDone(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'success' in data && data.success === true
}

/** Such a status refuses a request that was understood. 408 and 499 say that somebody did not wait for the end. */
function meansRefusal(statusCode: number): boolean {
  return (
    statusCode === 501 || (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 499)
  )
}

/** GenAuth sends its refusals under HTTP 200. Under the timeout status of a gateway the body proves nothing. */
function allowsRefusal(httpStatus: number): boolean {
  return (httpStatus >= 200 && httpStatus < 300) || meansRefusal(httpStatus)
}
