import type { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { openTerminal } from './open-terminal.ts'

/** What is written to stdout, of all that the program writes there: the log, the journal, what a command prints. */
export interface Output {
  /** Never waits and never fails: a line that nobody takes is dropped. */
  print(lines: string): void
  /**
   * Resolves when the operating system has taken the lines.
   *
   * @throws what the operating system says, as `EPIPE`
   */
  deliver(lines: string): Promise<void>
  /** Resolves when everything was taken, or cannot be any more, and at the latest after `withinMs`. */
  flush(withinMs: number): Promise<void>
}

export interface OutputOptions {
  readonly stream: NodeJS.Process['stdout']
  /** Called once, with the error's code, when the first write fails. */
  readonly onFailure: (code: string) => void
  /** Called with the number of prints that were dropped, once there is room again. */
  readonly onDropped: (prints: number) => void
}

/** More than that waits for no reader. */
const MAX_WAITING_BYTES = 1_048_576
const LOOK_EVERY_MS = 10
/** For good. After others, as of a full disk, a later write may succeed. */
export const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'EIO'])

/**
 * Writes to a stream whose reader may be slow, may never read, or may be gone. The process waits for none of them: a
 * write to a pipe or a terminal that is full stays in memory, up to 1 MiB.
 */
export function createOutput({ stream: given, onFailure, onDropped }: OutputOptions): Output {
  const stream: Writable = (given.isTTY ? openTerminal(given.fd) : null) ?? given
  let hasFailed = false
  let isReaderGone = false
  let dropped = 0
  stream.on('error', error => {
    const code = 'code' in error ? String(error.code) : error.name
    if (!hasFailed) onFailure(code)
    hasFailed = true
    isReaderGone ||= READER_GONE.has(code)
  })
  stream.on('drain', () => {
    if (dropped > 0) onDropped(dropped)
    dropped = 0
  })

  return {
    print(lines) {
      if (isReaderGone) return
      if (stream.writableLength > MAX_WAITING_BYTES) dropped++
      else stream.write(lines)
    },
    deliver: lines =>
      new Promise((resolve, reject) => {
        stream.write(lines, error => (error ? reject(error) : resolve()))
      }),
    async flush(withinMs) {
      for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_EVERY_MS) {
        if (isReaderGone || stream.writableLength === 0) return
        await setTimeout(LOOK_EVERY_MS)
      }
    },
  }
}
