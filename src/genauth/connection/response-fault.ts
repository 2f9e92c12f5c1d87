import { errors } from 'undici'

/** Says why a response is not used. No part of such a response is. */
export type ResponseFault =
  | 'STATUS_LINE'
  | 'STATUS'
  | 'LINE_END'
  | 'HEADER'
  | 'BODY_LENGTH'
  | 'CHUNK'
  | 'HEADERS_TOO_LARGE'
  | 'BODY_TOO_LARGE'
  | 'CUT_OFF'

/** A response that is not HTTP/1.x, or whose end two readers could see in different places. */
class FaultyResponseError extends Error {
  readonly code: string

  constructor(fault: ResponseFault) {
    super('The response does not match HTTP/1.1')
    this.code = `FAULTY_${fault}`
  }
}

/** Returns the cause for the log. It has undici's code where undici has one, so that a search finds both. */
export function toResponseError(fault: ResponseFault): Error {
  switch (fault) {
    case 'HEADERS_TOO_LARGE':
      return new errors.HeadersOverflowError()
    case 'BODY_TOO_LARGE':
      return new errors.ResponseExceededMaxSizeError()
    case 'CUT_OFF':
      return new errors.SocketError('other side closed')
    case 'STATUS_LINE':
    case 'STATUS':
    case 'LINE_END':
    case 'HEADER':
    case 'BODY_LENGTH':
    case 'CHUNK':
      return new FaultyResponseError(fault)
  }
}
