import { beforeEach, expect, it, vi } from 'vitest'
import {
  keepPendingChange,
  PENDING_CHANGE_MS,
  takePendingChange,
} from '../../../console/session/pending-change.ts'

const CHANGE = { userId: 'u', enable: ['OTP'], disable: ['SMS'], order: null, revision: 'r', subject: 'desk' }
const AT = 1_000_000
const kept = new Map<string, string>()

beforeEach(() => {
  kept.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
  return () => vi.unstubAllGlobals()
})

it('a change comes back once, to the same person, for the same user', () => {
  keepPendingChange(CHANGE, AT)
  expect(takePendingChange('u', 'desk', AT + 1)).toEqual({ ...CHANGE })
  expect(takePendingChange('u', 'desk', AT + 1)).toBe(null)
})

it.each<[what: string, userId: string, subject: string, atMs: number, isKept: boolean]>([
  ['of another user waits for that one', 'v', 'desk', AT, true],
  ['comes to nobody else', 'u', 'lead', AT, false],
  ['is forgotten after five minutes', 'u', 'desk', AT + PENDING_CHANGE_MS + 1, false],
  ['of the future is forgotten', 'u', 'desk', AT - 1, false],
])('a change %s', (_, userId, subject, atMs, isKept) => {
  keepPendingChange(CHANGE, AT)
  expect(takePendingChange(userId, subject, atMs)).toBe(null)
  expect(kept.size).toBe(isKept ? 1 : 0)
})

it.each(['', '{', 'null', '[]', '{"userId":1}'])('what is no change is none: %j', text => {
  kept.set('genauth-graphql:pending-change', text)
  expect(takePendingChange('u', 'desk', AT)).toBe(null)
})

it('holds no reason and no contact', () => {
  keepPendingChange(CHANGE, AT)
  expect(Object.keys(JSON.parse([...kept.values()][0] ?? '')).toSorted()).toEqual([
    'disable',
    'enable',
    'keptAtMs',
    'order',
    'revision',
    'subject',
    'userId',
  ])
})
