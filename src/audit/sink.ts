import type { FileHandle } from 'node:fs/promises'

/** Where the lines of a journal go. */
export interface Sink {
  /** Resolves when the lines are as safe as this sink makes them. One call at a time. */
  append(lines: string): Promise<void>
  /** What is there now may not be what was appended: nothing more will be. */
  isBroken(): boolean
  /** How often the disk was made to keep what it had. */
  syncCount(): number
  close(): Promise<void>
}

/** What is needed of a file that was opened for appending. */
export type SinkFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'stat' | 'close'>

/**
 * Appends are durable: written, and synced to the disk. A write that fails (a full disk) is cut off again, and a
 * later one may succeed. A sync that fails breaks the sink for good: the kernel may forget the pages it could not
 * write, so that the next sync succeeds without them.
 */
export function createFileSink(file: SinkFile, startBytes: number): Sink {
  let wholeBytes = startBytes
  let isBroken = false
  let syncs = 0

  async function append(lines: string): Promise<void> {
    if (isBroken) throw new Error('The file of the journal is broken')
    await refuseStrangeFile()
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

  /** The lock cannot keep out what does not look at it: a log rotation, a process in another container. */
  async function refuseStrangeFile(): Promise<void> {
    const { size, nlink } = await file.stat()
    if (size === wholeBytes && nlink > 0) return
    isBroken = true
    throw new Error('The file of the journal was changed or removed by somebody else')
  }

  async function cutOff(): Promise<void> {
    try {
      await file.truncate(wholeBytes)
    } catch {
      isBroken = true
    }
  }

  return { append, isBroken: () => isBroken, syncCount: () => syncs, close: () => file.close() }
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
    syncCount: () => 0,
    close: async () => {},
  }
}
