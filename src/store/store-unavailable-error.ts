import type { StoreFault } from './store-fault.ts'

/** The store could not do a piece of work. `OPENING` means that it is not open yet. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'

  readonly fault: StoreFault | 'OPENING'

  constructor(fault: StoreFault | 'OPENING', options?: ErrorOptions) {
    super(`The store cannot be used (${fault})`, options)
    this.fault = fault
  }
}
