import { constants, openSync, writeSync } from 'node:fs'
import { Writable } from 'node:stream'

const LOOK_EVERY_MS = 20

/**
 * A stream to the terminal that a descriptor leads to. Node's own blocks the process while the terminal takes nothing:
 * somebody has stopped it (Ctrl-S), or nobody reads what is behind it (`docker run -t`).
 *
 * @returns `null` where the terminal cannot be opened in this way, as outside of Linux
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
      if ('code' in error && error.code === 'EAGAIN') setTimeout(writeAll, LOOK_EVERY_MS, bytes, done)
      else done(error)
    }
  }
  return new Writable({ write: (chunk: Buffer, _encoding, done) => writeAll(chunk, done) })
}
