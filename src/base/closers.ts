/** Collects the open parts of a program, to close them in reverse order. */
export class Closers {
  readonly #parts: { close(): unknown }[] = []
  #closing: Promise<void> | null = null

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
