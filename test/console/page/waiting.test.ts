import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isPendingUndo, toUndoTarget } from '../../../console/screens/history/pending-undo.ts'
import { isPendingChange } from '../../../console/session/pending-change.ts'
import { keepWaiting, takeWaiting, WAIT_MS, type Waited } from '../../../console/session/waiting.ts'

const AT = 1_000_000
const REASON = 'lost phone'
const CHANGE = { enable: ['OTP'], disable: ['SMS'], order: null, revision: 'r' }
const stored = new Map<string, string>()

/** Both kinds of wishes, each at its place. */
const KINDS = [
  { what: 'a change', target: 'u', wish: CHANGE, isWish: isPendingChange },
  { what: 'an undo', target: toUndoTarget('u'), wish: { changeId: 'c' }, isWish: isPendingUndo },
] as const

beforeEach(() => {
  stored.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
  return () => vi.unstubAllGlobals()
})

describe.each(KINDS)('$what that waits for a sign-in', ({ target, wish, isWish }) => {
  const take = (by: string, atMs: number, at: string = target): Waited<unknown> =>
    takeWaiting<unknown>(at, by, isWish, atMs)

  it.each<[what: string, subject: string, atMs: number, waited: Waited<unknown>]>([
    ['comes back to the person', 'desk', AT, { kind: 'CAME_BACK', wish, hadReason: true }],
    ['comes back after five minutes', 'desk', AT + WAIT_MS, { kind: 'CAME_BACK', wish, hadReason: true }],
    ['is gone later', 'desk', AT + WAIT_MS + 1, { kind: 'EXPIRED' }],
    ['is gone if the clock was set back', 'desk', AT - 1, { kind: 'EXPIRED' }],
    ['is gone for anybody else', 'lead', AT, { kind: 'OTHER_PERSON' }],
    ['is gone for anybody else, later, too', 'lead', AT + WAIT_MS + 1, { kind: 'OTHER_PERSON' }],
  ])('%s, once', (_, subject, atMs, waited) => {
    keepWaiting([{ target, reason: REASON, wish }], 'desk', AT)
    expect(take(subject, atMs)).toEqual(waited)
    expect(stored.size).toBe(0)
    expect(take('desk', AT)).toEqual({ kind: 'NOTHING' })
  })

  it.each([AT, AT + WAIT_MS + 1])('stays for its own place at %i', atMs => {
    keepWaiting([{ target, reason: REASON, wish }], 'desk', AT)
    expect(take('desk', atMs, 'v')).toEqual({ kind: 'NOTHING' })
    expect(take('desk', atMs)).not.toEqual({ kind: 'NOTHING' })
  })

  it.each([
    ['', false],
    [' ', false],
    [REASON, true],
  ])('knows whether there was a reason, %j, and keeps none', (reason, hadReason) => {
    keepWaiting([{ target, reason, wish }], 'desk', AT)
    const [text = ''] = stored.values()
    const wishes = [{ target, hadReason, wish }]
    expect(JSON.parse(text)).toEqual({ subject: 'desk', keptAtMs: AT, wishes })
    expect(take('desk', AT)).toMatchObject({ hadReason })
  })

  it('waits beside the wish of another place', () => {
    const other = { target: 'v', reason: '', wish: CHANGE }
    keepWaiting([other, { target, reason: REASON, wish }], 'desk', AT)
    expect(take('desk', AT)).toEqual({ kind: 'CAME_BACK', wish, hadReason: true })
    expect(takeWaiting('v', 'desk', isPendingChange, AT)).toMatchObject({ wish: CHANGE, hadReason: false })
    expect(stored.size).toBe(0)
  })

  it('replaces what waited before', () => {
    keepWaiting([{ target: 'v', reason: '', wish: CHANGE }], 'desk', AT)
    keepWaiting([{ target, reason: '', wish }], 'desk', AT)
    expect(take('desk', AT, 'v')).toEqual({ kind: 'NOTHING' })
    expect(take('desk', AT)).toMatchObject({ wish })
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"u"',
    '{"wishes":[null,1,"u",{}]}',
    JSON.stringify({ subject: 'desk', keptAtMs: AT, wishes: [{ target, hadReason: false }] }),
    JSON.stringify({ subject: 'desk', keptAtMs: AT, wishes: { target, hadReason: false, wish } }),
    JSON.stringify({
      subject: 'desk',
      keptAtMs: AT,
      wishes: [{ target, wish: { enable: [1], changeId: 1 } }],
    }),
    JSON.stringify({ subject: 'desk', wishes: [{ target, hadReason: false, wish }] }),
  ])('is none if it is malformed: %s', text => {
    stored.set('genauth-graphql:waiting', text)
    expect(take('desk', AT)).toEqual({ kind: 'NOTHING' })
  })
})
