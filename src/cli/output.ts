import type { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { openTerminal } from './open-terminal.ts'

/** Everything that the program writes to stdout: the log, the journal and the text that a command prints. */
export interface Output {
  /** Never waits and never fails. It drops a line that nobody reads. */
  print(lines: string): void
  /**
   * Resolves when the operating system has taken the lines.
   *
   * @throws the error of the operating system, for example `EPIPE`
   */
  deliver(lines: string): Promise<void>
  /** Resolves when all lines are taken or can no longer be taken, and at the latest after `withinMs`. */
  flush(withinMs: number): Promise<void>
}

export interface OutputOptions {
  readonly stream: NodeJS.Process['stdout']
  /** Called once, with the error's code, when the first write fails. */
  readonly onFailure: (code: string) => void
  /** Called with the number of dropped prints, as soon as there is room again. */
  readonly onDropped: (prints: number) => void
}

/** Prints are dropped while more than this waits for the reader. */
const MAX_WAITING_BYTES = 1_048_576
const POLL_EVERY_MS = 10
/** These errors are final. After any other error, for example of a full disk, a later write may succeed. */
export const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'EIO'])

/**
 * Writes to a stream whose reader may be slow, may never read, or may be gone. The process never waits for the reader.
 * If a pipe or terminal is full, up to 1 MiB stays in memory.
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
      for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_EVERY_MS) {
        if (isReaderGone || stream.writableLength === 0) return
        await setTimeout(POLL_EVERY_MS)
      }
    },
  }
}
