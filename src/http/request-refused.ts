import type { HttpErrorCode } from '../execution/error-codes.ts'

/** The reason for refusing a request before GraphQL sees it. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
  readonly httpStatus: number
  readonly code: HttpErrorCode
  /** The headers that the status asks for, such as `allow`, `retry-after` or `www-authenticate`. */
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

/**
 * Returns `true` if the request itself is at fault. A refusal for the load, the time or the limit itself is not its
 * fault.
 */
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
