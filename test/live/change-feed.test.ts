import { describe, expect, it } from 'vitest'
import type { DurableRecord } from '../../src/journal/chain-writer.ts'
import { ChangeFeed } from '../../src/live/change-feed.ts'
import { EventQueue } from '../../src/live/event-queue.ts'
import type { LiveChange } from '../../src/live/live-change.ts'
import { toLateChange } from '../../src/live/to-late-change.ts'

const USER = '65a000000000000000000001'
const ID = '00000000-0000-4000-8000-000000000001'
const AT_MS = 1_900_000_000_000
const ENDING = {
  intent: ID,
  time: '2030-01-01T00:00:00.000Z',
  failure: null,
  upstreamRequestId: null,
  durationMs: null,
}

const ABOUT = {
  id: ID,
  time: '2030-01-01T00:00:00.000Z',
  seq: 1,
  user: { genauthId: USER, idHash: 'h', idType: 'USER_ID' },
  sealedId: 's',
  revisionBefore: null,
  revisionIntended: 'r2.x',
} as const
const NAMELESS = { ...ABOUT, user: { ...ABOUT.user, genauthId: null } }
const POOL = { id: ID, time: ABOUT.time, seq: 1, applicationId: null, revisionIntended: null }
const APPLICATION = { ...POOL, applicationId: 'a' }

const SET: LiveChange = {
  hint: 'SET_BY_THIS_SERVICE',
  genauthId: USER,
  atMs: AT_MS,
  revision: 'r2.x',
  applicationId: null,
}
const POLICY: LiveChange = { ...SET, hint: 'POOL_POLICY', genauthId: null, revision: null }

function outcome(end: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN', recovered: boolean): DurableRecord['draft'] {
  return { kind: 'outcome', ...ENDING, outcome: end, recovered }
}

function policyOutcome(
  end: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN',
  recovered: boolean,
): DurableRecord['draft'] {
  return { kind: 'policyOutcome', ...ENDING, outcome: end, recovered }
}

function followUp(found: 'INTENDED' | 'BEFORE' | 'OTHER' | 'UNREADABLE' | 'DROPPED'): DurableRecord['draft'] {
  return { kind: 'followUp', intent: ID, time: ENDING.time, look: 1, found }
}

describe('a record of the journal', () => {
  it.each<[string, DurableRecord, LiveChange | null]>([
    ['a recovered outcome', { draft: outcome('APPLIED', true), about: ABOUT }, SET],
    ['one in doubt', { draft: outcome('UNKNOWN', true), about: ABOUT }, { ...SET, revision: null }],
    ['one that was not made', { draft: outcome('NOT_APPLIED', true), about: ABOUT }, null],
    ['one of a request, which told of it itself', { draft: outcome('APPLIED', false), about: ABOUT }, null],
    ['one of a user whose id is not on record', { draft: outcome('APPLIED', true), about: NAMELESS }, null],
    ['a follow-up that found the change', { draft: followUp('INTENDED'), about: ABOUT }, SET],
    ['a follow-up that found the state before', { draft: followUp('BEFORE'), about: ABOUT }, null],
    ['a recovered change of the pool', { draft: policyOutcome('APPLIED', true), about: POOL }, POLICY],
    [
      'one of an application',
      { draft: policyOutcome('UNKNOWN', true), about: APPLICATION },
      { ...POLICY, hint: 'APPLICATION_POLICY', applicationId: 'a' },
    ],
    ['one that was not made, of the pool', { draft: policyOutcome('NOT_APPLIED', true), about: POOL }, null],
    ['one of a request, of the pool', { draft: policyOutcome('APPLIED', false), about: POOL }, null],
    ['any other record', { draft: { kind: 'rekeyed', time: ENDING.time, keyId: 'k' }, about: null }, null],
  ])('tells or does not tell of a change: %s', (_what, record, change) => {
    expect(toLateChange(record, AT_MS)).toEqual(change)
  })
})

describe('the feed of changes', () => {
  it('tells everybody who listens, and the other replicas of its own alone', () => {
    const feed = new ChangeFeed()
    const heard: string[] = []
    const end = feed.subscribe(({ revision }) => heard.push(`first ${revision}`))
    feed.subscribe(({ revision }) => heard.push(`second ${revision}`))
    feed.onPublished(({ revision }) => heard.push(`others ${revision}`))
    feed.publish({ ...SET, revision: '1' })
    feed.receive({ ...SET, revision: '2' })
    end()
    end()
    feed.publish({ ...SET, revision: '3' })
    expect(heard).toEqual([
      ...['first 1', 'second 1', 'others 1', 'first 2', 'second 2'],
      ...['second 3', 'others 3'],
    ])
  })
})

describe('the events of one reader', () => {
  it('come in their order, wait for the reader, and end when nobody wants them', async () => {
    let ends = 0
    const queue = new EventQueue<number>(() => ends++)
    queue.push(1)
    queue.push(2)
    expect([await queue.next(), await queue.next()]).toMatchObject([{ value: 1 }, { value: 2 }])
    const third = queue.next()
    queue.push(3)
    expect(await third).toEqual({ done: false, value: 3 })
    const none = queue.next()
    await queue.return()
    expect(await none).toEqual({ done: true, value: undefined })
    queue.push(4)
    expect(await queue.next()).toEqual({ done: true, value: undefined })
    expect(ends).toBe(1)
  })

  it('are read to their end if there are no more', async () => {
    const queue = new EventQueue<number>(() => {})
    queue.push(1)
    queue.finish()
    const read: number[] = []
    for await (const event of queue) read.push(event)
    expect(read).toEqual([1])
  })

  it('end where 1,000 of them wait, because the reader is too far behind', async () => {
    let ends = 0
    const queue = new EventQueue<number>(() => ends++)
    for (let event = 0; event < 1_000; event++) queue.push(event)
    expect(ends).toBe(0)
    queue.push(1_000)
    expect([ends, await queue.next()]).toEqual([1, { done: true, value: undefined }])
  })
})
