import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** What became of one HTTP request. */
export type HttpOutcome =
  | {
      readonly kind: 'ANSWERED'
      readonly httpStatus: number
      readonly headers: IncomingHttpHeaders
      readonly text: string
    }
  | {
      readonly kind: 'UNANSWERED'
      /** The request had begun to be written: before that, nothing of it can have arrived. */
      readonly isStarted: boolean
      /** The time was over. */
      readonly isLate: boolean
      readonly cause: unknown
    }

const UTF_8 = new TextDecoder()

/**
 * Sends one request and reads its whole response, in at most `timeoutMs`, the wait for a connection included. Never
 * rejects. It stands below undici's `request`, which does not say whether anything was written, and whose streams
 * and signals cost more than the rest of a call.
 *
 * @param onSent called once, when the request begins to be written
 * @param isWanted asked when there is a connection; if it returns false, the request is not written
 */
export function exchangeHttp(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  timeoutMs: number,
  onSent: () => void,
  isWanted: () => boolean = () => true,
): Promise<HttpOutcome> {
  return new Promise(resolve => {
    let started: Dispatcher.DispatchController | null = null
    let isLate = false
    let httpStatus = 0
    let headers: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []

    const timer = setTimeout(() => {
      isLate = true
      // undici ends a request that waits for a connection only once it has one. It does not send it then.
      if (started !== null) return started.abort(new Error('The time for an answer is over'))
      resolve({ kind: 'UNANSWERED', isStarted: false, isLate, cause: null })
    }, timeoutMs)

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
        clearTimeout(timer)
        const [first] = chunks
        const body = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)
        resolve({ kind: 'ANSWERED', httpStatus, headers, text: UTF_8.decode(body) })
      },
      onResponseError(_controller, cause) {
        clearTimeout(timer)
        resolve({ kind: 'UNANSWERED', isStarted: started !== null, isLate, cause })
      },
    })
  })
}
