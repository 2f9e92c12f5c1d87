import type { ResponseFault } from './response-fault.ts'
import { ResponseHead } from './response-head.ts'

export interface ResponseLimits {
  /** Of all lines before the body, of all lines after it, and of the line before each chunk. */
  readonly maxHeaderBytes: number
  readonly maxBodyBytes: number
}

/** The part that comes next. The first three are bytes. All others but the last are lines. */
type Part = 'BODY' | 'BODY_TO_END' | 'CHUNK' | 'HEAD' | 'CHUNK_SIZE' | 'CHUNK_END' | 'TRAILER' | 'NOTHING'

const LINE_FEED = 0x0a
const PROTOCOL = 'HTTP/1.'
/** Extensions mean nothing without an agreement. */
const CHUNK_SIZE = /^([\da-f]{1,8})(?:;[\t\x20-\x7e\x80-\xff]*)?$/i
const TRAILER = /^[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*$/

/**
 * Reads the only response of a connection, in whatever pieces it comes. It refuses every response whose end two readers
 * could see in different places (RFC 9112, section 6.3). It reads no bytes after the end.
 */
export class ResponseReader {
  head = new ResponseHead()
  /** The body, as far as it has come. */
  readonly pieces: Buffer[] = []
  readonly #limits: ResponseLimits
  #next: Part = 'HEAD'
  /** The line that comes, as far as it has come. */
  #line = ''
  #lineBytes = 0
  #bodyBytes = 0
  /** The bytes that the body or the chunk still lacks. */
  #missingBytes = 0

  constructor(limits: ResponseLimits) {
    this.#limits = limits
  }

  /** Reads the bytes that have come. After a fault, there is nothing more to read. */
  read(bytes: Buffer): 'MORE' | 'WHOLE' | ResponseFault {
    let at = 0
    while (at < bytes.length && this.#next !== 'NOTHING') {
      const isBytes = this.#next === 'BODY' || this.#next === 'CHUNK' || this.#next === 'BODY_TO_END'
      const end = isBytes ? this.#toPieceEnd(bytes, at) : toLineEnd(bytes, at)
      const fault = isBytes ? this.#takePiece(bytes.subarray(at, end)) : this.#takeText(bytes, at, end)
      if (fault !== null) return fault
      at = end
    }
    return this.#next === 'NOTHING' ? 'WHOLE' : 'MORE'
  }

  /** Ends the response with the connection. */
  end(): 'WHOLE' | ResponseFault {
    return this.#next === 'BODY_TO_END' || this.#next === 'NOTHING' ? 'WHOLE' : 'CUT_OFF'
  }

  #toPieceEnd(bytes: Buffer, at: number): number {
    return this.#next === 'BODY_TO_END' ? bytes.length : Math.min(bytes.length, at + this.#missingBytes)
  }

  #takePiece(piece: Buffer): ResponseFault | null {
    this.#bodyBytes += piece.length
    if (this.#bodyBytes > this.#limits.maxBodyBytes) return 'BODY_TOO_LARGE'
    this.pieces.push(piece)
    if (this.#next === 'BODY_TO_END') return null
    this.#missingBytes -= piece.length
    if (this.#missingBytes === 0) this.#next = this.#next === 'CHUNK' ? 'CHUNK_END' : 'NOTHING'
    return null
  }

  #takeText(bytes: Buffer, start: number, end: number): ResponseFault | null {
    this.#lineBytes += end - start
    if (this.#lineBytes > this.#limits.maxHeaderBytes) return 'HEADERS_TOO_LARGE'
    const text = bytes.toString('latin1', start, end)
    const line = this.#line === '' ? text : this.#line + text
    if (bytes[end - 1] !== LINE_FEED) {
      this.#line = line
      // Another protocol may have no lines.
      const isHttp = this.head.httpStatus > 0 || PROTOCOL.startsWith(line.slice(0, PROTOCOL.length))
      return isHttp ? null : 'STATUS_LINE'
    }
    this.#line = ''
    return line.endsWith('\r\n') ? this.#takeLine(line.slice(0, -2)) : 'LINE_END'
  }

  #takeLine(line: string): ResponseFault | null {
    switch (this.#next) {
      case 'HEAD': {
        const taken = this.head.takeLine(line)
        if (taken === 'MORE') return null
        return taken === 'WHOLE' ? this.#beginBody() : taken
      }
      case 'CHUNK_SIZE':
        return this.#beginChunk(line)
      case 'CHUNK_END':
        this.#next = 'CHUNK_SIZE'
        this.#lineBytes = 0
        return line === '' ? null : 'CHUNK'
      case 'TRAILER':
        if (line === '') this.#next = 'NOTHING'
        return line === '' || TRAILER.test(line) ? null : 'HEADER'
      default:
        return null
    }
  }

  #beginBody(): ResponseFault | null {
    const { isInterim, isChunked, bodyBytes } = this.head
    if (isInterim) {
      this.head = new ResponseHead()
    } else if (isChunked) {
      this.#next = 'CHUNK_SIZE'
      this.#lineBytes = 0
    } else if (bodyBytes === null) {
      this.#next = 'BODY_TO_END'
    } else {
      if (bodyBytes > this.#limits.maxBodyBytes) return 'BODY_TOO_LARGE'
      this.#missingBytes = bodyBytes
      this.#next = bodyBytes === 0 ? 'NOTHING' : 'BODY'
    }
    return null
  }

  #beginChunk(line: string): ResponseFault | null {
    const digits = CHUNK_SIZE.exec(line)?.[1]
    if (digits === undefined) return 'CHUNK'
    this.#missingBytes = Number.parseInt(digits, 16)
    this.#next = this.#missingBytes === 0 ? 'TRAILER' : 'CHUNK'
    return null
  }
}

/** Returns the place after the first end of a line, or the end of the bytes. */
function toLineEnd(bytes: Buffer, at: number): number {
  const place = bytes.indexOf(LINE_FEED, at)
  return place < 0 ? bytes.length : place + 1
}
