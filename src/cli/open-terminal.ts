import { constants, openSync, writeSync } from 'node:fs'
import { Writable } from 'node:stream'

const POLL_EVERY_MS = 20

/**
 * Opens a stream to the terminal behind a descriptor. Node's own stream blocks the process while the terminal takes
 * nothing. That happens when somebody stops it (Ctrl-S), or when nobody reads it (`docker run -t`).
 *
 * @returns `null` if the terminal cannot be opened in this way, for example outside Linux
 */
export function openTerminal(descriptor: number): Writable | null {
  let file: number
  try {
    file = openSync(
      `/proc/self/fd/${descriptor}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    )
  } catch {
    return null
  }

  function writeAll(bytes: Buffer, done: (error?: Error) => void): void {
    try {
      const written = writeSync(file, bytes)
      if (written === bytes.length) done()
      else writeAll(bytes.subarray(written), done)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if ('code' in error && error.code === 'EAGAIN') setTimeout(writeAll, POLL_EVERY_MS, bytes, done)
      else done(error)
    }
  }
  return new Writable({ write: (chunk: Buffer, _encoding, done) => writeAll(chunk, done) })
}
