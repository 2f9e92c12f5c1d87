import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createDeadline, earlier, within } from '../../src/base/deadline.ts'

it('a deadline tells what remains, below zero too', () => {
  let nowMs = 100
  const deadline = createDeadline(50, () => nowMs)
  const sooner = earlier(deadline, 20)
  expect([deadline.remainingMs(), sooner.remainingMs()]).toEqual([50, 30])
  nowMs = 140
  expect([deadline.remainingMs(), sooner.remainingMs()]).toEqual([10, -10])
})

it('work within the deadline is what it comes to, and a failure stays one', async () => {
  const deadline = createDeadline(1_000)
  expect(await within(deadline, Promise.resolve('done'), () => 'late')).toBe('done')
  await expect(within(deadline, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow('broken')
})

it('work that is late is left alone, and its failure disturbs nobody', async () => {
  const late = setTimeout(50).then(() => Promise.reject(new Error('too late to matter')))
  expect(await within(createDeadline(10), late, () => 'late')).toBe('late')
  await setTimeout(80)
})
