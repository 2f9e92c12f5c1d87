import type { Logger } from 'pino'
import { toFault } from '../../redis/redis-fault.ts'

/** Logs why the queue cannot be used, each reason once, and when it can be used again. */
export class QueueFaults {
  readonly #log: Logger
  readonly #logged = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
  }

  note(error: unknown): void {
    // BullMQ gives its own errors a number as code. They concern one job.
    if (!(error instanceof Error) || isOfOneJob(error)) return
    const { reason, command } = toFault(error)
    const key = `${reason} ${command}`
    if (this.#logged.has(key)) return
    this.#logged.add(key)
    const fields = command === null ? { reason } : { reason, command }
    this.#log.warn(fields, 'the queue of scans cannot be used: no scan begins until it can')
  }

  noteSuccess(): void {
    if (this.#logged.size === 0) return
    this.#logged.clear()
    this.#log.info('the queue of scans can be used again')
  }
}

function isOfOneJob(error: Error): boolean {
  const hasNumber = 'code' in error && typeof error.code === 'number'
  return hasNumber || error.message.startsWith('could not renew lock')
}
