import { expect, it } from 'vitest'
import { Closers } from '../../src/base/closers.ts'

it('closes what was opened in the reverse order, one after the other, and once', async () => {
  const closers = new Closers()
  const closed: string[] = []
  const open = (name: string) =>
    closers.add({
      async close() {
        await Promise.resolve()
        closed.push(name)
      },
    })
  const first = open('first')
  open('second')
  expect(closers.add(null)).toBeNull()
  await Promise.all([closers.close(), closers.close()])
  expect(closed).toEqual(['second', 'first'])
  expect(first).toHaveProperty('close')
})

it('closes what a start has opened when it fails, and passes the failure on', async () => {
  const closed: string[] = []
  const starting = Closers.whileStarting(async closers => {
    closers.add({ close: () => closed.push('opened') })
    throw new Error('no port')
  })
  await expect(starting).rejects.toThrow('no port')
  expect(closed).toEqual(['opened'])
})
