import type { Dispatcher } from 'undici'
import type { Clock } from '../base/clock.ts'

/** The headers that somebody reads. One that came several times is a list. */
export type ResponseHeaders = { [Name in 'content-encoding' | 'retry-after']?: string | string[] }

/** The outcome of one HTTP request. */
export type HttpOutcome =
  | {
      readonly kind: 'ANSWERED'
      readonly httpStatus: number
      readonly headers: ResponseHeaders
      readonly text: string
    }
  | {
      readonly kind: 'UNANSWERED'
      /** `true` if the request had begun to be written. Before that, no part of it can have arrived. */
      readonly isStarted: boolean
      /** `true` if the time was over. */
      readonly isLate: boolean
      readonly cause: unknown
    }

const UTF_8 = new TextDecoder()

export interface DispatchOptions {
  /** The longest wait for a response, the wait for a connection included. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** Called once, when the request begins to be written. */
  readonly onSent: () => void
  /** Asked when there is a connection. If it returns `false`, the request is not written. */
  readonly isWanted: () => boolean
}

/**
 * Sends one request and reads its whole response. It never rejects. It uses undici's `dispatch` instead of `request`,
 * which does not say whether anything was written. The streams and signals of `request` also cost more than the rest of
 * a call.
 */
export function dispatchHttp(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { timeoutMs, clock, onSent, isWanted }: DispatchOptions,
): Promise<HttpOutcome> {
  return new Promise(resolve => {
    let started: Dispatcher.DispatchController | null = null
    let isLate = false
    let httpStatus = 0
    let headers: ResponseHeaders = {}
    const chunks: Buffer[] = []

    const timer = clock.after(timeoutMs, () => {
      isLate = true
      // undici ends a request that waits for a connection only once it has one. It does not send it then.
      if (started !== null) return started.abort(new Error('The time for a response is over'))
      resolve({ kind: 'UNANSWERED', isStarted: false, isLate, cause: null })
    })

    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        if (isLate) return controller.abort(new Error('The time for a connection is over'))
        if (!isWanted()) return controller.abort(new Error('It is not wanted any more'))
        if (started === null) onSent()
        started = controller
      },
      onResponseStart(_controller, status, received) {
        httpStatus = status
        headers = received
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        timer.cancel()
        resolve({ kind: 'ANSWERED', httpStatus, headers, text: toText(chunks) })
      },
      onResponseError(_controller, cause) {
        timer.cancel()
        resolve({ kind: 'UNANSWERED', isStarted: started !== null, isLate, cause })
      },
    })
  })
}

/** Returns the text of a body. Bytes that are not UTF-8 become U+FFFD. */
export function toText(pieces: readonly Buffer[]): string {
  const [first] = pieces
  return UTF_8.decode(first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces))
}
