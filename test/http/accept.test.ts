import { describe, expect, it } from 'vitest'
import { parseAccept } from '../../src/http/accept.ts'
import { negotiate } from '../../src/http/response-type.ts'

const OLD = 'application/json'
const NEW = 'application/graphql-response+json'
const MULTIPART = 'multipart/mixed'
const EVENTS = 'text/event-stream'

describe('an Accept header', () => {
  it.each([
    [undefined, OLD],
    ['', OLD],
    [' , ,', OLD],
    ['*/*', OLD],
    ['*', OLD],
    ['application/*', OLD],
    ['APPLICATION/JSON', OLD],
    [NEW, NEW],
    [`${OLD}, ${NEW}`, OLD],
    [`${NEW}, ${OLD}`, NEW],
    [`${NEW},${OLD};q=0.9`, NEW],
    [`${OLD};q=0.9, ${NEW}`, NEW],
    [`${OLD};q=0.1, ${NEW};q=0.2`, NEW],
    [`${OLD};q=0, */*`, NEW],
    [`*/*;q=1, ${OLD};q=0, ${NEW};q=0.001`, NEW],
    [`application/*;q=0.5, ${OLD};q=0.1`, NEW],
    [`text/html, application/xml;q=0.9, */*;q=0.8`, OLD],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', OLD],
    [`text/csv, ${OLD};q=0.001`, OLD],
    [`${OLD}; charset=utf-8`, OLD],
    [`${OLD};charset="UTF-8"`, OLD],
    [`${NEW}; charset=utf-8; q=0.7, */*;q=0.1`, NEW],
    [`${OLD};charset=latin1, ${NEW};q=0.1`, NEW],
    [`${OLD};profile="a,b;q=0"`, OLD],
    [`${OLD};profile="a\\",text/csv"`, OLD],
    [`text/csv;note="${OLD}", ${NEW}`, NEW],
    [`junk, a/b/c, /, */json, ${OLD};q=2, ${NEW};q=0.5`, NEW],
    [MULTIPART, MULTIPART],
    [EVENTS, EVENTS],
    [`${MULTIPART};deferSpec=20220824, ${NEW}, ${OLD};q=0.9`, NEW],
    [`${NEW}, application/graphql+json, ${OLD}, ${EVENTS}, ${MULTIPART}`, NEW],
    [`${EVENTS}, ${OLD};q=0.5`, EVENTS],
    [`${EVENTS}, ${MULTIPART}`, EVENTS],
  ])('%j is answered as %s', (accept, type) => {
    expect(negotiate(accept)).toEqual({ kind: 'TYPE', type })
  })

  it.each([
    'text/csv',
    'application/xml',
    'text/plain',
    'application/graphql+json',
    'image/png',
    'image/*',
    'text/*',
    'multipart/*',
    'text/html',
    '*/*;q=0',
    '*;q=0',
    'application/*;q=0',
    `${OLD};q=0`,
    `${OLD};q=0, ${NEW};q=0.000`,
    `${OLD};q=0, text/csv`,
    `${OLD};charset=latin1`,
    `${OLD};charset=utf-16, ${NEW};charset=us-ascii`,
    `${OLD};q=high`,
    `${OLD};q=-1`,
    `${OLD};q=1.1`,
    `"${OLD}"`,
    `text/csv;note="${OLD}, ${NEW}`,
    'application',
    'json',
    'application/jsonp',
    'application/json/x',
    'application/ json',
    '*/json',
    '\u00e4/\u00f6',
  ])('%j leaves no type to answer in', accept => {
    expect(negotiate(accept)).toEqual({ kind: 'NOT_ACCEPTABLE' })
  })

  it('of the greatest length is read once from end to end', () => {
    const ranges = Array.from({ length: 4_000 }, () => 'a/b;q=.1')
    expect(parseAccept(ranges.join(','))).toHaveLength(4_000)
    expect(negotiate([...ranges, NEW].join(','))).toEqual({ kind: 'TYPE', type: NEW })
    expect(negotiate('"'.repeat(16_000))).toEqual({ kind: 'NOT_ACCEPTABLE' })
    expect(negotiate(`${OLD};q=${'0'.repeat(16_000)}`)).toEqual({ kind: 'NOT_ACCEPTABLE' })
  })
})
