import type { ResponseHeaders } from '../dispatch-http.ts'
import type { ResponseFault } from './response-fault.ts'

/** Some servers leave out the reason and the space before it. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
/** A line that begins with a space continues the header before it, in old HTTP. Here it is no header. */
const HEADER = /^([!#$%&'*+.^_`|~\w-]+):([\t\x20-\x7e\x80-\xff]*)$/
/** 15 digits are a safe integer. */
const LENGTH = /^\d{1,15}$/
const SPACE = 0x20
const TAB = 0x09

/** The status line and the headers of a response, line by line. */
export class ResponseHead {
  httpStatus = 0
  readonly headers: ResponseHeaders = {}
  /** The length of the body, or `null` if it has chunks or ends with the connection. */
  bodyBytes: number | null = null
  isChunked = false
  #isHttp10 = false

  /** `true` if another response follows, which is the reply. */
  get isInterim(): boolean {
    return this.httpStatus < 200
  }

  /** Takes the next line, without its end. */
  takeLine(line: string): 'MORE' | 'WHOLE' | ResponseFault {
    if (this.httpStatus === 0) return this.#takeStatusLine(line)
    return line === '' ? this.#conclude() : this.#takeHeader(line)
  }

  #takeStatusLine(line: string): 'MORE' | ResponseFault {
    const parts = STATUS_LINE.exec(line)
    if (parts === null) return 'STATUS_LINE'
    this.#isHttp10 = parts[1] === '0'
    this.httpStatus = Number(parts[2])
    // A 100 answers a question that no request asks, and after a 101 no HTTP follows.
    return this.httpStatus === 100 || this.httpStatus === 101 ? 'STATUS' : 'MORE'
  }

  #takeHeader(line: string): 'MORE' | ResponseFault {
    const parts = HEADER.exec(line)
    if (parts === null) return 'HEADER'
    const [, name = '', value = ''] = parts
    const lowerCased = name.toLowerCase()
    switch (lowerCased) {
      case 'content-length':
        return this.#takeLength(trimSpace(value))
      case 'transfer-encoding':
        if (this.isChunked || this.#isHttp10 || trimSpace(value).toLowerCase() !== 'chunked')
          return 'BODY_LENGTH'
        this.isChunked = true
        return 'MORE'
      case 'content-encoding':
      case 'retry-after': {
        const former = this.headers[lowerCased]
        this.headers[lowerCased] = former === undefined ? trimSpace(value) : [former, trimSpace(value)].flat()
        return 'MORE'
      }
      default:
        return 'MORE'
    }
  }

  /** Refuses a second length, even if it is the same. */
  #takeLength(value: string): 'MORE' | ResponseFault {
    if (this.bodyBytes !== null || !LENGTH.test(value)) return 'BODY_LENGTH'
    this.bodyBytes = Number(value)
    return 'MORE'
  }

  #conclude(): 'WHOLE' | ResponseFault {
    if (this.isChunked && this.bodyBytes !== null) return 'BODY_LENGTH'
    if (this.httpStatus === 204 || this.httpStatus === 304) {
      if (this.isChunked || (this.bodyBytes ?? 0) > 0) return 'BODY_LENGTH'
      this.bodyBytes = 0
    }
    return 'WHOLE'
  }
}

/** A pattern for the spaces at the end would look at each of many spaces again and again. `trim` removes more. */
function trimSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (start < end && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB
}
