import type { FileHandle } from 'node:fs/promises'

/** The destination of a journal's lines. */
export interface Sink {
  /** Resolves when the lines are as safe as this sink makes them. There is one call at a time. */
  append(lines: string): Promise<void>
  /**
   * Returns `true` if nothing could be appended when the sink last looked. That lasts until a restart, or until a file
   * is at its path again.
   */
  isBroken(): boolean
  /** Looks again whether the sink is broken. It never rejects. */
  look(): Promise<void>
  /** Returns how many times the lines were synced to the disk. */
  syncCount(): number
  close(): Promise<void>
  /** Lets appends that wait for a store fail, because nobody waits for them any more. */
  giveUp(): void
  /** `null` for a stream, which has no files. */
  readonly segments: Segments | null
}

/** The files of a journal, one after the other. */
export interface Segments {
  /** The number of the open file, from 1 on. */
  readonly number: number
  /** `true` if nothing was appended after its head. */
  readonly isEmpty: boolean
  /** `true` if the open file has reached its limit. */
  readonly isFull: boolean
  /**
   * Continues in a new file, which begins with these lines. It must not be called during an append.
   *
   * @throws the error that prevents it. The sink is then broken, or continues in the same file
   */
  begin(head: string): Promise<void>
}

/** The parts of an open file that a sink needs. */
export type SinkFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'stat' | 'close'>

/**
 * Creates a sink for a stream. It promises only that the operating system has taken the lines. Half-taken lines cannot
 * be cut off.
 *
 * @param isLost returns `true` if nobody can read the stream any more, for example after its file was removed
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
    giveUp() {},
    segments: null,
  }
}
