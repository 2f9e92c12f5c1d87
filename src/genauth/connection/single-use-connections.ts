import { errors } from 'undici'
import type { DispatchOptions, HttpOutcome } from '../dispatch-http.ts'
import { type Connect, type ConnectOptions, createConnect } from './create-connect.ts'
import type { ResponseLimits } from './response-reader.ts'
import { SingleUseConnection } from './single-use-connection.ts'
import { type SingleRequest, toRequestBytes } from './to-request-bytes.ts'

/** Sends each request over a connection of its own. */
export class SingleUseConnections {
  readonly #host: string
  readonly #connect: Connect
  readonly #limits: ResponseLimits
  readonly #open = new Set<SingleUseConnection>()
  #isDestroyed = false

  constructor(origin: string, options: ConnectOptions & ResponseLimits) {
    const url = new URL(origin)
    this.#host = url.host
    this.#connect = createConnect(url, options)
    this.#limits = options
  }

  /** Sends a request and reads its whole response. It never rejects. */
  dispatch(request: SingleRequest, options: DispatchOptions): Promise<HttpOutcome> {
    const bytes = toRequestBytes(this.#host, request)
    if (bytes === 'INVALID') return Promise.resolve(notStarted(new errors.InvalidArgumentError()))
    if (this.#isDestroyed) return Promise.resolve(notStarted(new errors.ClientDestroyedError()))
    return new Promise(resolve => {
      const connection = new SingleUseConnection(this.#connect, bytes, options, this.#limits, outcome => {
        this.#open.delete(connection)
        resolve(outcome)
      })
      this.#open.add(connection)
    })
  }

  /** Ends all connections. Their requests, and all later ones, get no response. */
  destroy(): void {
    this.#isDestroyed = true
    for (const connection of this.#open) connection.fail(new errors.ClientDestroyedError())
  }
}

function notStarted(cause: Error): HttpOutcome {
  return { kind: 'UNANSWERED', isStarted: false, isLate: false, cause }
}
