/** Collects the open parts of a program, to close them in reverse order. */
export class Closers {
  readonly #parts: { close(): unknown }[] = []
  #closing: Promise<void> | null = null

  /** Runs a start. If it fails, what it has opened is closed before the failure is passed on. */
  static async whileStarting<T>(start: (closers: Closers) => Promise<T>): Promise<T> {
    const closers = new Closers()
    try {
      return await start(closers)
    } catch (error) {
      await closers.close()
      throw error
    }
  }

  /** Adds a part and returns it. `null` stands for a part that is not used. */
  add<P extends { close(): unknown } | null>(part: P): P {
    if (part !== null) this.#parts.push(part)
    return part
  }

  /** Closes one part after the other, the last one first. A second call waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    for (const part of this.#parts.reverse()) await part.close()
  }
}
