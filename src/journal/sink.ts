import type { FileHandle } from 'node:fs/promises'

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
  /** `null` for a stream, which has no files. */
  readonly segments: Segments | null
}

/** The files that a journal is in, one after the other. */
export interface Segments {
  /** Of the open one, from 1 on. */
  readonly number: number
  /** Whether nothing was appended behind its head. */
  readonly isEmpty: boolean
  /** Whether it is time for another one. */
  readonly isFull: boolean
  /**
   * Goes on in a new file, which begins with these lines. Never beside an append.
   *
   * @throws what keeps it from that; the sink is broken, or goes on in the file before
   */
  begin(head: string): Promise<void>
}

/** What is needed of a file that was opened for appending. */
export type SinkFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'stat' | 'close'>

/**
 * Promises no more than that the operating system has taken the lines; what it half took cannot be cut off.
 *
 * @param isLost whether nobody can read any more what the stream takes, as after its file was removed
 */
export function createStreamSink(write: (lines: string) => Promise<void>, isLost: () => boolean): Sink {
  let isBroken = false
  return {
    async append(lines) {
      if (isBroken || isLost()) throw new Error('The stream of the journal is broken')
      try {
        await write(lines)
      } catch (error) {
        isBroken = true
        throw error
      }
    },
    isBroken: () => isBroken || isLost(),
    look: async () => {},
    syncCount: () => 0,
    close: async () => {},
    segments: null,
  }
}
