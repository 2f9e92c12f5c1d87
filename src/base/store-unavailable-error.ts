/** The store could not do a piece of work. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'

  /** The word by which docs/store.md names the fault. `OPENING` means that the store is not open yet. */
  readonly fault: string

  constructor(fault: string, options?: ErrorOptions) {
    super(`The store cannot be used (${fault})`, options)
    this.fault = fault
  }
}
