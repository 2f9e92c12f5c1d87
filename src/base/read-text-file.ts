import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** The text of a file, or the fault that makes it unusable. The fault is a rule to put after the name of a variable. */
export type ReadText = { readonly text: string } | { readonly fault: string }

const BYTE_ORDER_MARK = '\uFEFF'
/** Some files report a size of zero, for example those of `/proc`. */
const MIN_ROOM_BYTES = 16_384

/**
 * Reads a text that somebody wrote: a secret, a manifest, settings, certificates. It drops a byte order mark, which is
 * no part of the text and cannot be seen.
 *
 * It reads only a plain file, because it would wait for a pipe. The fault contains neither the path nor the content.
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

/** Returns a text without the byte order mark at its start. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
}

/** One read may return fewer bytes than the file has. */
function readAll(file: number, bytes: Buffer): number {
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(file, bytes, length, bytes.length - length, null)
  }
  return length
}

/** Refuses bytes that are not text. They would all become the same replacement, and make a key weaker than it looks. */
function toText(content: Buffer): ReadText {
  if (isUtf16(content)) return { fault: 'must be UTF-8 text: it is UTF-16' }
  if (!isUtf8(content)) return { fault: 'must be UTF-8 text' }
  if (content.includes(0)) return { fault: 'must be text without zero bytes' }
  return { text: withoutByteOrderMark(content.toString('utf8')) }
}

/** Recognizes UTF-16 by its byte order mark, or by Latin letters that each have a zero byte beside them. */
function isUtf16(content: Buffer): boolean {
  const [first, second, third] = content
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  return first === 0 ? second !== 0 && third === 0 : second === 0 && third !== 0
}

/** Says why a file cannot be read, by the system's error. The text is a rule to put after the name of a variable. */
export function toReadFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'UNKNOWN'
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'cannot be read: there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: the user of this process may not read it'
  return `cannot be read (${code})`
}
