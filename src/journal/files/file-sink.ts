import type { Segments, Sink, SinkFile } from '../sink.ts'
import { beginSegment } from './begin-segment.ts'
import type { JournalPlace } from './journal-place.ts'
import { type FileFault, judgeOpenFile, PASSING_FAULTS } from './judge-open-file.ts'

export interface FileSinkOptions {
  readonly file: SinkFile
  readonly place: JournalPlace
  /** The end of the file's records. */
  readonly wholeBytes: number
  /** The end of the checkpoints at its beginning. */
  readonly headBytes: number
  /** The number of the segment, from 1 on. */
  readonly number: number
  /** A file that holds this many bytes more than its head is full. */
  readonly segmentBytes: number
  /** Called once for each fault, when the file is not as this process left it. */
  readonly onFault: (fault: FileFault) => void
}

/** Nothing was appended, because the file is not as this process left it. */
class FileFaultError extends Error {
  override readonly name = 'FileFaultError'
  readonly code: FileFault

  constructor(fault: FileFault) {
    super('The file of the journal is not as it was left')
    this.code = fault
  }
}

/**
 * Appends durably: each append is written and synced to the disk. A write that fails (a full disk) is cut off again,
 * and a later one may succeed. A sync that fails breaks the sink until a restart. The kernel may forget the pages that
 * it could not write, and the next sync would then succeed without them.
 *
 * The lock does not keep out a log rotation or a process in another container. The file is therefore judged before each
 * append.
 */
export class FileSink implements Sink, Segments {
  readonly segments = this
  readonly #place: JournalPlace
  readonly #segmentBytes: number
  readonly #onFault: (fault: FileFault) => void
  #file: SinkFile
  #wholeBytes: number
  #headBytes: number
  #number: number
  /** A broken sink stays broken. */
  #isBroken = false
  #fault: FileFault | null = null
  #isAppending = false
  #looking: Promise<void> | null = null
  #syncs = 0

  constructor({ file, place, wholeBytes, headBytes, number, segmentBytes, onFault }: FileSinkOptions) {
    this.#file = file
    this.#place = place
    this.#wholeBytes = wholeBytes
    this.#headBytes = headBytes
    this.#number = number
    this.#segmentBytes = segmentBytes
    this.#onFault = onFault
  }

  get number(): number {
    return this.#number
  }

  get isEmpty(): boolean {
    return this.#wholeBytes === this.#headBytes
  }

  get isFull(): boolean {
    return this.#wholeBytes - this.#headBytes >= this.#segmentBytes
  }

  async append(lines: string): Promise<void> {
    try {
      await this.#refuseUnlessAsLeft()
      await this.#write(lines)
    } finally {
      this.#isAppending = false
    }
  }

  async begin(head: string): Promise<void> {
    try {
      await this.#refuseUnlessAsLeft()
      const begun = await beginSegment(this.#place.path, this.#number, head)
      switch (begun.kind) {
        case 'LOST':
          this.#isBroken = true
          throw begun.cause
        case 'KEPT':
          throw begun.cause
        case 'BEGUN':
          // Everything in the file is already synced, so nothing is lost if this fails.
          await this.#file.close().catch(() => {})
          this.#file = begun.file
          this.#wholeBytes = Buffer.byteLength(head)
          this.#headBytes = this.#wholeBytes
          this.#number++
      }
    } finally {
      this.#isAppending = false
    }
  }

  isBroken(): boolean {
    return this.#isBroken || this.#fault !== null
  }

  /** Does nothing during an append, when the size of the file would look like a fault. */
  async look(): Promise<void> {
    if (this.#isAppending || this.#isBroken) return
    this.#looking ??= this.#judge()
      .catch(() => {})
      .finally(() => {
        this.#looking = null
      })
    await this.#looking
  }

  syncCount(): number {
    return this.#syncs
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  giveUp(): void {}

  async #refuseUnlessAsLeft(): Promise<void> {
    if (this.#isBroken) throw new Error('The file of the journal is broken')
    this.#isAppending = true
    await this.#looking
    await this.#judge()
    if (this.#fault !== null) throw new FileFaultError(this.#fault)
  }

  async #write(lines: string): Promise<void> {
    const bytes = Buffer.from(lines)
    try {
      await this.#file.appendFile(bytes)
    } catch (error) {
      await this.#cutOff()
      throw error
    }
    try {
      await this.#file.datasync()
      this.#syncs++
    } catch (error) {
      this.#isBroken = true
      throw error
    }
    this.#wholeBytes += bytes.length
  }

  async #judge(): Promise<void> {
    const found = await judgeOpenFile(this.#file, this.#place.names, this.#wholeBytes)
    const next = found === 'AS_LEFT' ? null : found
    if (next !== null && next !== this.#fault) this.#onFault(next)
    this.#fault = next
    if (next !== null && !PASSING_FAULTS.includes(next)) this.#isBroken = true
  }

  async #cutOff(): Promise<void> {
    try {
      await this.#file.truncate(this.#wholeBytes)
    } catch {
      this.#isBroken = true
    }
  }
}
