import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** What a file holds, or why that cannot be used: a rule to put behind the name of a variable. */
export type ReadText = { readonly text: string } | { readonly fault: string }

const BYTE_ORDER_MARK = '\uFEFF'
/** Some files say that they have no size, as those of `/proc`. */
const MIN_ROOM_BYTES = 16_384

/**
 * Reads a text that somebody wrote: a secret, a manifest, settings, certificates. A byte order mark at its start is
 * dropped: it is no part of the text, and cannot be seen.
 *
 * Only a plain file is read, since a pipe would be waited for. Neither the path nor the content is part of the fault.
 *
 * @param maxBytes far above any such file, so that a log file that is named by mistake is refused
 */
export function readTextFile(path: string, maxBytes: number): ReadText {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return { fault: toReadFault(error) }
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) return { fault: 'must be a plain file' }
    const bytes = Buffer.alloc(Math.min(maxBytes, Math.max(stats.size, MIN_ROOM_BYTES)) + 1)
    const length = readAll(file, bytes)
    return length === bytes.length
      ? { fault: `must have at most ${maxBytes} bytes` }
      : toText(bytes.subarray(0, length))
  } catch (error) {
    return { fault: toReadFault(error) }
  } finally {
    closeSync(file)
  }
}

/** A text without the byte order mark at its start. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
}

/** One call may give less than there is. */
function readAll(file: number, bytes: Buffer): number {
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(file, bytes, length, bytes.length - length, null)
  }
  return length
}

/** Bytes that are no text would all become the same replacement, and a key of them weaker than it looks. */
function toText(content: Buffer): ReadText {
  if (isUtf16(content)) return { fault: 'must be UTF-8 text: it is UTF-16' }
  if (!isUtf8(content)) return { fault: 'must be UTF-8 text' }
  if (content.includes(0)) return { fault: 'must be text without zero bytes' }
  return { text: withoutByteOrderMark(content.toString('utf8')) }
}

/** By its byte order mark, or by a text of Latin letters, each with a zero byte beside it. */
function isUtf16(content: Buffer): boolean {
  const [first, second, third] = content
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  return first === 0 ? second !== 0 && third === 0 : second === 0 && third !== 0
}

/** Why a file cannot be read, by what the system says: a rule to put behind the name of a variable. */
export function toReadFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'UNKNOWN'
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'cannot be read: there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: the user of this process may not read it'
  return `cannot be read (${code})`
}
