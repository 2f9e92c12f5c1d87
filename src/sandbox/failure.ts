import type { MessageKey } from './messages.ts'

export interface FailureOptions {
  statusCode: number
  apiCode?: number
  message: MessageKey
  /** Goes into the text: the faulty parameter's name. */
  subject?: string
  /**
   * 200 unless given, which is the rule of this API. Given for what a server refuses before its own code
   * sees a request: throttling (documented), and, as readings, unknown paths and bodies that cannot be read.
   */
  httpStatus?: number
}

/** A request that is answered with an error envelope. Thrown by every part, turned into an answer in one place. */
export class Failure extends Error {
  readonly options: FailureOptions

  constructor(options: FailureOptions) {
    super(options.message)
    this.name = 'Failure'
    this.options = options
  }
}
