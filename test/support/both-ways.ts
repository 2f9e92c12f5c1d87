import { afterAll, expect } from 'vitest'
import { toDirectType } from '../../src/server/direct-answer.ts'
import { type Answer, type StartAppOptions, startApp } from './app.ts'

/** Differ from one request to the next. */
const OWN_HEADERS = ['date', 'x-request-id']

let compared = 0
afterAll(() => {
  expect(compared).toBeGreaterThan(0)
  process.stdout.write(`${compared} requests were answered alike by the direct and by the general way\n`)
})

/**
 * The product, with each request that it answers directly sent a second time, so that it takes Yoga's general path:
 * status, headers and body must be the same, byte by byte. For requests that change nothing.
 */
export function startAppBothWays(options: StartAppOptions = {}) {
  return startApp({
    ...options,
    async onAnswer({ path, method, headers }, answer, sendAgain) {
      if (!path.startsWith('/graphql') || toDirectType({ method, headers }) === null) return
      const accept = (headers['accept'] ?? '*/*').replace(/^[^,;]+/, '$&; charset=utf-8')
      expect(toDirectType({ method, headers: { accept } })).toBeNull()
      expect(toComparable(await sendAgain({ accept }))).toEqual(toComparable(answer))
      compared++
    },
  })
}

function toComparable({ status, headers, text }: Answer) {
  const requestId = headers.get('x-request-id')
  const others = [...headers].filter(([name]) => !OWN_HEADERS.includes(name))
  return { status, headers: others, text: requestId === null ? text : text.replaceAll(requestId, 'ID') }
}
