import { expect, it } from 'vitest'
import { Events } from '../../src/base/events.ts'

interface Facts {
  sent: { readonly to: string }
  lost: { readonly count: number }
}

it('tells each fact to those who listen to its name, in their order, before it goes on', () => {
  const events = new Events<Facts>()
  const heard: unknown[] = []
  events.on('sent', ({ to }) => heard.push(['first', to]))
  events.on('sent', ({ to }) => heard.push(['second', to]))
  events.emit('sent', { to: 'a' })
  events.emit('lost', { count: 1 })
  expect(heard).toEqual([
    ['first', 'a'],
    ['second', 'a'],
  ])
})

it('says whether a fact would be heard, so that one that costs something is not made for nobody', () => {
  const events = new Events<Facts>()
  events.on('sent', () => {})
  expect([events.isHeard('sent'), events.isHeard('lost')]).toEqual([true, false])
})
