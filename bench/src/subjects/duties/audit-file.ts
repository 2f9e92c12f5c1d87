import { type FileHandle, open } from 'node:fs/promises'

interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** A file of JSON lines to which records are only appended. */
export class AuditFile {
  readonly #file: FileHandle
  #waiting: Waiting[] = []
  #isWriting = false

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async open(path: string): Promise<AuditFile> {
    return new AuditFile(await open(path, 'a'))
  }

  /** Resolves when the record is synced. Records that arrive while the disk syncs share the next sync. */
  append(record: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: `${JSON.stringify(record)}\n`, resolve, reject })
      if (!this.#isWriting) void this.#writeAll()
    })
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true
    // Records of one round of the event loop share a sync.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#file.appendFile(group.map(({ line }) => line).join(''))
        await this.#file.datasync()
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }
}
