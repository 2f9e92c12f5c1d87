import { afterAll, expect } from 'vitest'
import { isJsonType, negotiate } from '../../src/http/response-type.ts'
import { type Answer, type StartAppOptions, startApp } from './app.ts'

/** Differ from one request to the next, or from one type to the other. */
const OWN_HEADERS = ['date', 'x-request-id', 'content-type', 'content-length']

/** The stream whose errors have the same statuses. */
const STREAM_OF = {
  'application/json': 'text/event-stream',
  'application/graphql-response+json': 'multipart/mixed',
} as const

let compared = 0
afterAll(() => {
  expect(compared).toBeGreaterThan(0)
  process.stdout.write(`${compared} requests were answered alike by the direct and by the general way\n`)
})

/**
 * The product, with each `POST` that it answers directly sent a second time, so that it takes Yoga's general path,
 * to a stream of one part: status and headers must be the same, and what is in the part byte by byte. For requests
 * that change nothing.
 */
export function startAppBothWays(options: StartAppOptions = {}) {
  return startApp({
    ...options,
    async onAnswer({ path, method, headers }, answer, sendAgain) {
      const wanted = negotiate(headers['accept'])
      if (method !== 'POST' || !path.startsWith('/graphql')) return
      if (wanted.kind !== 'TYPE' || !isJsonType(wanted.type)) return
      const accept = STREAM_OF[wanted.type]
      const streamed = await sendAgain({ accept })
      const isRefusal = streamed.headers.get('content-type')?.startsWith('application/json')
      if (!isRefusal) expect(streamed.headers.get('content-type')).toContain(accept)
      const text = isRefusal ? streamed.text : toOnlyPart(streamed.text)
      expect(toComparable({ ...streamed, text })).toEqual(toComparable(answer))
      compared++
    },
  })
}

function toOnlyPart(text: string): string {
  const pattern =
    /^\r\n---\r\n.*?\r\n\r\n(.*)\r\n-----\r\n$|^:\n\nevent: next\ndata: (.*)\n\nevent: complete/s
  const [, part, event] = pattern.exec(text) ?? []
  return part ?? event ?? `no stream: ${text}`
}

function toComparable({ status, headers, text }: Answer) {
  const requestId = headers.get('x-request-id')
  const others = [...headers].filter(([name]) => !OWN_HEADERS.includes(name))
  return { status, headers: others, text: requestId === null ? text : text.replaceAll(requestId, 'ID') }
}
