import { beforeEach, expect, it, vi } from 'vitest'
import { PENDING_CHANGE_MS } from '../../../console/session/pending-change.ts'
import { keepPendingUndo, takePendingUndo } from '../../../console/session/pending-undo.ts'

const UNDO = { userId: 'u', changeId: 'c', subject: 'desk' }
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

it('an undo comes back once, to the same person, for the same user', () => {
  keepPendingUndo(UNDO, AT)
  expect(takePendingUndo('u', 'desk', AT + 1)).toEqual(UNDO)
  expect(takePendingUndo('u', 'desk', AT + 1)).toBe(null)
})

it.each<[what: string, userId: string, subject: string, atMs: number, isKept: boolean]>([
  ['of another user waits for that one', 'v', 'desk', AT, true],
  ['comes to nobody else', 'u', 'lead', AT, false],
  ['is forgotten after five minutes', 'u', 'desk', AT + PENDING_CHANGE_MS + 1, false],
  ['of the future is forgotten', 'u', 'desk', AT - 1, false],
])('an undo %s', (_, userId, subject, atMs, isKept) => {
  keepPendingUndo(UNDO, AT)
  expect(takePendingUndo(userId, subject, atMs)).toBe(null)
  expect(kept.size).toBe(isKept ? 1 : 0)
})

it.each(['', '{', 'null', '[]', '{"userId":1}'])('what is no undo is none: %j', text => {
  kept.set('genauth-graphql:pending-undo', text)
  expect(takePendingUndo('u', 'desk', AT)).toBe(null)
})

it('holds no reason and no contact', () => {
  keepPendingUndo(UNDO, AT)
  expect(Object.keys(JSON.parse([...kept.values()][0] ?? '')).toSorted()).toEqual([
    'changeId',
    'keptAtMs',
    'subject',
    'userId',
  ])
})
