import type { FileHandle } from 'node:fs/promises'
import { type FileFault, judgeOpenFile, PASSING_FAULTS } from './judge-open-file.ts'

/** Where the lines of a journal go. */
export interface Sink {
  /** Resolves when the lines are as safe as this sink makes them. One call at a time. */
  append(lines: string): Promise<void>
  /** As far as was last seen, nothing can be appended: this may be for good, or until a file is at its path again. */
  isBroken(): boolean
  /** Looks whether that is still so. Never rejects. */
  look(): Promise<void>
  /** How often the disk was made to keep what it had. */
  syncCount(): number
  close(): Promise<void>
}

/** What is needed of a file that was opened for appending. */
export type SinkFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'stat' | 'close'>

export interface FileSinkOptions {
  readonly file: SinkFile
  /** What must lead to the file: see `JournalPlace`. */
  readonly names: readonly string[]
  /** How far its records reach. */
  readonly wholeBytes: number
  /** Told once whenever the file is not as it was left. */
  readonly onFault: (fault: FileFault) => void
}

/** Nothing was appended, since the file is not as this process left it. */
export class FileFaultError extends Error {
  override readonly name = 'FileFaultError'
  readonly code: FileFault

  constructor(fault: FileFault) {
    super('The file of the journal is not as it was left')
    this.code = fault
  }
}

/**
 * Appends are durable: written, and synced to the disk. A write that fails (a full disk) is cut off again, and a
 * later one may succeed. A sync that fails breaks the sink for good: the kernel may forget the pages it could not
 * write, so that the next sync succeeds without them.
 *
 * The lock cannot keep out what does not look at it (a log rotation, a process in another container), so the file is
 * judged before each append.
 */
export function createFileSink({ file, names, wholeBytes: startBytes, onFault }: FileSinkOptions): Sink {
  let wholeBytes = startBytes
  /** For good. */
  let isBroken = false
  let fault: FileFault | null = null
  let isAppending = false
  let looking: Promise<void> | null = null
  let syncs = 0

  async function append(lines: string): Promise<void> {
    if (isBroken) throw new Error('The file of the journal is broken')
    isAppending = true
    try {
      await looking
      await judge()
      if (fault !== null) throw new FileFaultError(fault)
      await write(lines)
    } finally {
      isAppending = false
    }
  }

  async function write(lines: string): Promise<void> {
    const bytes = Buffer.from(lines)
    try {
      await file.appendFile(bytes)
    } catch (error) {
      await cutOff()
      throw error
    }
    try {
      await file.datasync()
      syncs++
    } catch (error) {
      isBroken = true
      throw error
    }
    wholeBytes += bytes.length
  }

  async function judge(): Promise<void> {
    const found = await judgeOpenFile(file, names, wholeBytes)
    const next = found === 'AS_LEFT' ? null : found
    if (next !== null && next !== fault) onFault(next)
    fault = next
    if (fault !== null && !PASSING_FAULTS.includes(fault)) isBroken = true
  }

  /** Never beside an append: the size would be one that nobody expects. */
  async function look(): Promise<void> {
    if (isAppending || isBroken) return
    looking ??= judge()
      .catch(() => {})
      .finally(() => {
        looking = null
      })
    await looking
  }

  async function cutOff(): Promise<void> {
    try {
      await file.truncate(wholeBytes)
    } catch {
      isBroken = true
    }
  }

  return {
    append,
    isBroken: () => isBroken || fault !== null,
    look,
    syncCount: () => syncs,
    close: () => file.close(),
  }
}

/** Promises no more than that the operating system has taken the lines; what it half took cannot be cut off. */
export function createStreamSink(write: (lines: string) => Promise<void>): Sink {
  let isBroken = false
  return {
    async append(lines) {
      if (isBroken) throw new Error('The stream of the journal is broken')
      try {
        await write(lines)
      } catch (error) {
        isBroken = true
        throw error
      }
    },
    isBroken: () => isBroken,
    look: async () => {},
    syncCount: () => 0,
    close: async () => {},
  }
}
