import type { FileHandle } from 'node:fs/promises'

/** A line without its line end. */
export interface Line {
  readonly bytes: Buffer
  /** `false` if the file ends before the line does. */
  readonly isWhole: boolean
}

const LINE_END = 0x0a
/** Far above any record. A longer line is handed over in pieces, so that a hostile file cannot fill the memory. */
const MAX_LINE_BYTES = 1_048_576
/** A chunk takes some milliseconds of work. Requests wait for that long. */
const CHUNK_BYTES = 65_536

/**
 * Reads the lines of a file as bytes. `node:readline` would also end a line at U+2028, which JSON leaves as it is in a
 * text. It would also hide which line end it was, and whether the last line had one.
 *
 * @param betweenChunks is waited for before more is read. It may throw to stop reading
 */
export async function* readLines(
  file: Pick<FileHandle, 'read'>,
  betweenChunks: () => void | Promise<void> = () => {},
): AsyncGenerator<Line> {
  let rest = Buffer.alloc(0)
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK_BYTES), position })
    if (bytesRead === 0) break
    await betweenChunks()
    position += bytesRead
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    let start = 0
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
      yield { bytes: bytes.subarray(start, end), isWhole: true }
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > MAX_LINE_BYTES) {
      yield { bytes: rest, isWhole: true }
      rest = Buffer.alloc(0)
    }
  }
  if (rest.length > 0) yield { bytes: rest, isWhole: false }
}
