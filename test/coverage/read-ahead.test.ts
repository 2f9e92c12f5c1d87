import { expect, it } from 'vitest'
import type { UserPage } from '../../src/coverage/scan-upstream.ts'
import { readAhead } from '../../src/coverage/scanning/read-ahead.ts'
import type { Called } from '../../src/coverage/scanning/scan-calls.ts'

/** A list of `totalCount` users, whose pages are answered when the test says so. */
function createList(totalCount: number) {
  const asked: (number | string)[] = []
  const answers: (() => void)[] = []
  const read = (page: number, fromMs: number | null) => {
    asked.push(fromMs === null ? page : `${page} from ${fromMs}`)
    const value = { users: [], unreadable: 0, totalCount: totalCount + page }
    return new Promise<Called<UserPage>>(resolve => {
      answers.push(() => resolve({ kind: 'ANSWERED', value }))
    })
  }
  const list = readAhead({ hasWindows: true, read }, 3)
  return {
    asked,
    begin: (page: number) => void list.read(page, null),
    settle: () => list.settle(),
    answerAll() {
      for (const answer of answers.splice(0)) answer()
    },
    async read(page: number, fromMs: number | null = null) {
      const reading = list.read(page, fromMs)
      for (const answer of answers.splice(0)) answer()
      const called = await reading
      return called.kind === 'ANSWERED' ? called.value.totalCount - totalCount : null
    },
  }
}

it('reads some pages before they are asked for, each once, and none that is not counted', async () => {
  const { asked, read } = createList(290)
  expect(await read(1)).toBe(1)
  expect(asked).toEqual([1])
  expect(await read(2)).toBe(2)
  expect(asked).toEqual([1, 2, 3, 4, 5])
  for (const page of [3, 4, 5, 6]) expect(await read(page)).toBe(page)
  expect(asked).toEqual([1, 2, 3, 4, 5, 6])
  expect(await read(7)).toBe(7)
  expect(asked.at(-1)).toBe(7)
})

it('reads windows and a page that was read before one by one', async () => {
  const { asked, read } = createList(400)
  await read(1)
  await read(2)
  asked.length = 0
  expect(await read(1, 5)).toBe(1)
  expect(await read(1)).toBe(1)
  expect(asked).toEqual(['1 from 5', 1])
})

it('waits for the pages that nobody asked for', async () => {
  const { read, begin, settle, answerAll } = createList(290)
  await read(1)
  begin(2)
  let isSettled = false
  const settling = settle().then(() => {
    isSettled = true
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(isSettled).toBe(false)
  answerAll()
  await settling
})
