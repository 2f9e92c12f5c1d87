import type { Socket } from 'node:net'
import { errors } from 'undici'
import type { Timer } from '../../base/clock.ts'
import { type DispatchOptions, type HttpOutcome, toText } from '../dispatch-http.ts'
import type { Connect } from './create-connect.ts'
import { type ResponseFault, toResponseError } from './response-fault.ts'
import { type ResponseLimits, ResponseReader } from './response-reader.ts'

/**
 * One connection, its request and its response. It is closed once the response is whole. Waiting for the other side to
 * close it would cost the same and keep it longer.
 */
export class SingleUseConnection {
  readonly #socket: Socket
  readonly #reader: ResponseReader
  readonly #options: DispatchOptions
  readonly #timer: Timer
  readonly #onEnd: (outcome: HttpOutcome) => void
  #isStarted = false
  #isOver = false

  /**
   * Connects, and sends the request once it can.
   *
   * @param onEnd called once, when there is an outcome
   */
  constructor(
    { open, readyEvent }: Connect,
    request: Buffer,
    options: DispatchOptions,
    limits: ResponseLimits,
    onEnd: (outcome: HttpOutcome) => void,
  ) {
    const { clock, timeoutMs } = options
    this.#options = options
    this.#onEnd = onEnd
    this.#reader = new ResponseReader(limits)
    this.#timer = clock.after(timeoutMs, () => this.#endLate())
    this.#socket = open()
      .on(readyEvent, () => this.#send(request))
      .on('timeout', () => this.#endIdle())
      .on('data', bytes => this.#take(this.#reader.read(bytes)))
      .on('end', () => this.#take(this.#reader.end()))
      .on('error', cause => this.fail(cause))
      .on('close', () => this.#take('CUT_OFF'))
  }

  /** Ends the connection, if there is no outcome yet. */
  fail(cause: Error | null, isLate = false): void {
    this.#settle({ kind: 'UNANSWERED', isStarted: this.#isStarted, isLate, cause })
  }

  #endLate(): void {
    this.fail(this.#isStarted ? new Error('The time for a response is over') : null, true)
  }

  /** Only a connection that is not had yet may not be idle. */
  #endIdle(): void {
    if (!this.#isStarted) this.fail(new errors.ConnectTimeoutError())
  }

  #send(request: Buffer): void {
    if (this.#isOver) return
    const { isWanted, onSent } = this.#options
    if (isWanted()) {
      onSent()
      this.#isStarted = true
      this.#socket.write(request)
    } else {
      this.fail(new Error('It is not wanted any more'))
    }
  }

  #take(progress: 'MORE' | 'WHOLE' | ResponseFault): void {
    if (this.#isOver || progress === 'MORE') return
    if (progress === 'WHOLE') {
      const { head, pieces } = this.#reader
      const { httpStatus, headers } = head
      this.#settle({ kind: 'ANSWERED', httpStatus, headers, text: toText(pieces) })
    } else {
      this.fail(toResponseError(progress))
    }
  }

  #settle(outcome: HttpOutcome): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer.cancel()
    this.#socket.destroy()
    this.#onEnd(outcome)
  }
}
