import { expect, it } from 'vitest'
import { CANARY, takeLeaks, watchForLeaks } from './support/canaries.ts'

it.each(Object.values(CANARY))('the watch over all answers and log lines sees %s', value => {
  watchForLeaks('answer', `before ${value} after`)
  expect(takeLeaks()).toHaveLength(1)
})

it('the watch sees a token that the sandbox minted', () => {
  watchForLeaks('log', `{"x":"${'eyJhbGciOiJIUzI1NiJ9'}.${'eyJkYXRhIjp7fX0000'}.abc_-"}`)
  expect(takeLeaks()).toHaveLength(1)
})
