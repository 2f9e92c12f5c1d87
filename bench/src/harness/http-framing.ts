/** One HTTP/1.1 message with the place after its last byte. */
export interface HttpMessage {
  /** The first line and the headers. */
  readonly head: string
  readonly body: Buffer
  readonly end: number
}

const HEAD_END = '\r\n\r\n'

/**
 * Returns the message that begins at the first byte, or `null` while it is not whole. It knows only as much HTTP as the
 * messages of Node and undici need. A full parser would take more of the machine from the subjects.
 */
export function readMessage(bytes: Buffer): HttpMessage | null {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const head = bytes.toString('latin1', 0, headEnd)
  const start = headEnd + HEAD_END.length
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunks(bytes, head, start)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  const end = start + length
  return bytes.length < end ? null : { head, body: bytes.subarray(start, end), end }
}

function readChunks(bytes: Buffer, head: string, start: number): HttpMessage | null {
  const chunks: Buffer[] = []
  let at = start
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const dataStart = lineEnd + 2
    const end = dataStart + size + 2
    if (bytes.length < end) return null
    if (size === 0) return { head, body: Buffer.concat(chunks), end }
    chunks.push(bytes.subarray(dataStart, dataStart + size))
    at = end
  }
}
