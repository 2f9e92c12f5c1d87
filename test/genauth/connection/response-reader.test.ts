import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ResponseReader } from '../../../src/genauth/connection/response-reader.ts'
import { toText } from '../../../src/genauth/dispatch-http.ts'
import { BAD_RESPONSES, CHUNKED, GOOD_RESPONSES, OK, RESPONSE_LIMITS } from '../../support/responses.ts'

/** Reads pieces and then the end of the connection. */
function readPieces(pieces: readonly Buffer[], endsAfter = true) {
  const reader = new ResponseReader(RESPONSE_LIMITS)
  let progress: string = 'MORE'
  for (const piece of pieces) {
    progress = reader.read(piece)
    if (progress !== 'MORE') break
  }
  if (progress === 'MORE' && endsAfter) progress = reader.end()
  if (progress !== 'WHOLE') return progress
  return { status: reader.head.httpStatus, ...reader.head.headers, text: toText(reader.pieces) }
}

function split(bytes: Buffer, places: readonly number[]): Buffer[] {
  const all = [0, ...places.toSorted((a, b) => a - b), bytes.length]
  return all.slice(1).map((end, index) => bytes.subarray(all[index], end))
}

const toBytes = (text: string) => Buffer.from(text, 'latin1')
const everyByte = (bytes: Buffer) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))

describe('a response is read', () => {
  it.each(GOOD_RESPONSES)('with %s', (_what, text, expected) => {
    const bytes = toBytes(text)
    const whole = readPieces([bytes])
    expect(whole).toMatchObject(expected)
    expect(readPieces(everyByte(bytes))).toEqual(whole)
  })

  it('before its connection ends, unless it ends with it', () => {
    const early = GOOD_RESPONSES.filter(([, text]) => readPieces([toBytes(text)], false) !== 'MORE')
    expect(GOOD_RESPONSES.length - early.length).toBe(3)
  })

  it('without the spaces around its headers', () => {
    const bytes = toBytes(`${OK}retry-after: \t a\t b \t\r\ncontent-encoding: \xa0\r\n\r\n`)
    expect(readPieces([bytes])).toMatchObject({ 'retry-after': 'a\t b', 'content-encoding': '\xa0' })
  })

  it('with many chunks of one byte, whose lines together are longer than the headers may be', () => {
    expect(readPieces([toBytes(`${CHUNKED}${'1\r\nx\r\n'.repeat(300)}0\r\n\r\n`)])).toMatchObject({
      text: 'x'.repeat(300),
    })
  })
})

describe('a response is refused', () => {
  it.each(BAD_RESPONSES)('for %s', (_what, text, fault) => {
    const bytes = toBytes(text)
    expect(readPieces([bytes])).toBe(fault)
    expect(readPieces(everyByte(bytes))).toBe(fault)
  })

  it('however many spaces a header has, in steps in proportion to them', () => {
    const reader = new ResponseReader({ maxHeaderBytes: 4_000_000, maxBodyBytes: 0 })
    const spaces = ' '.repeat(1_000_000)
    const lines = ['content-length', 'retry-after', 'transfer-encoding'].map(name => `${name}: x${spaces}x`)
    expect(reader.read(toBytes(`${OK}retry-after:${spaces}x${spaces}x${spaces}\r\n`))).toBe('MORE')
    for (const line of lines) expect(readPieces([toBytes(`${OK}${line}\r\n`)])).toBe('HEADERS_TOO_LARGE')
  })
})

it('the pieces in which a response comes make no difference', () => {
  const texts = [...GOOD_RESPONSES, ...BAD_RESPONSES].map(([, text]) => text)
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(fc.nat(1_000), { maxLength: 12 }), (text, places) => {
      const bytes = toBytes(text)
      const inside = places.map(place => place % (bytes.length + 1))
      expect(readPieces(split(bytes, inside))).toEqual(readPieces([bytes]))
    }),
    { numRuns: 2_000 },
  )
})

it('a response with a byte changed, left out or put in is read or refused the same in any pieces', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...GOOD_RESPONSES.map(([, text]) => text)),
      fc.nat(1_000),
      fc.nat(2),
      fc.constantFrom('\0', '\n', '\r', ' ', ':', '0', '9', 'a', ';', ',', '\x80'),
      (text, place, removed, put) => {
        const at = place % text.length
        const bytes = toBytes(text.slice(0, at) + put + text.slice(at + removed))
        expect(readPieces(everyByte(bytes))).toEqual(readPieces([bytes]))
      },
    ),
    { numRuns: 2_000 },
  )
})
