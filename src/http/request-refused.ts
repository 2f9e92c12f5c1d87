import type { HttpErrorCode } from '../execution/error-codes.ts'

/** Why a request is refused before GraphQL sees it. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
  readonly httpStatus: number
  readonly code: HttpErrorCode
  /** What the status asks for, as `allow`, `retry-after` or `www-authenticate`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    httpStatus: number,
    code: HttpErrorCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.httpStatus = httpStatus
    this.code = code
    this.headers = headers
  }
}

/** Whether no other request would have been refused for it: not the load, not the time, not the limit itself. */
export function isFaultOfRequest(error: unknown): boolean {
  return (
    error instanceof RequestRefused &&
    error.httpStatus >= 400 &&
    error.httpStatus < 500 &&
    error.httpStatus !== 429
  )
}

export function badRequest(message: string): RequestRefused {
  return new RequestRefused(400, 'BAD_REQUEST', message)
}
