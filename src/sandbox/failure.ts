import type { MessageKey } from './messages.ts'

export interface FailureOptions {
  statusCode: number
  apiCode?: number
  message: MessageKey
  /** The name of the faulty parameter, which the text repeats. */
  subject?: string
  /**
   * The default is 200, which is the rule of this API. A server refuses with another status before its own code sees a
   * request. Throttling is documented. Unknown paths and unreadable bodies are readings.
   */
  httpStatus?: number
}

/** A request that gets an error envelope. Every part throws it, and one place turns it into a response. */
export class Failure extends Error {
  readonly options: FailureOptions

  constructor(options: FailureOptions) {
    super(options.message)
    this.name = 'Failure'
    this.options = options
  }
}
