import { expect, it } from 'vitest'
import { createDeadline, earlier, within } from '../../src/base/deadline.ts'
import { createHandClock } from '../support/hand-clock.ts'

it('a deadline tells what remains, below zero too', async () => {
  const clock = createHandClock()
  const deadline = createDeadline(50, clock)
  const sooner = earlier(deadline, 20)
  expect([deadline.remainingMs(), sooner.remainingMs()]).toEqual([50, 30])
  await clock.advance(40)
  expect([deadline.remainingMs(), sooner.remainingMs()]).toEqual([10, -10])
})

it('work within the deadline is what it comes to, and a failure stays one', async () => {
  const clock = createHandClock()
  const deadline = createDeadline(1_000, clock)
  expect(await within(deadline, Promise.resolve('done'), () => 'late')).toBe('done')
  await expect(within(deadline, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow('broken')
  expect(clock.scheduled).toBe(0)
})

it('work that is late is left alone, and its failure disturbs nobody', async () => {
  const clock = createHandClock()
  let breakDown = (_error: Error) => {}
  const work = new Promise<string>((_resolve, reject) => {
    breakDown = reject
  })
  const said = within(createDeadline(10, clock), work, () => 'late')
  await clock.advance(10)
  expect(await said).toBe('late')
  breakDown(new Error('too late to matter'))
})
