import { describe, expect, it } from 'vitest'
import { DistinctTexts } from '../../src/coverage/scanning/distinct-texts.ts'
import { MemberDigest } from '../../src/coverage/scanning/member-digest.ts'
import { parsePosition, START_POSITION, toPositionText } from '../../src/coverage/scanning/scan-position.ts'

const digestOf = (users: readonly (readonly [string, boolean])[], start?: string) => {
  const digest = new MemberDigest(start)
  for (const [userId, fits] of users) digest.add(userId, fits)
  return digest.toString()
}

describe('the digest of users', () => {
  const [a, b, c] = [['a', true] as const, ['b', true] as const, ['c', false] as const]

  it('is the same in any order, and in any parts', () => {
    expect(digestOf([a, b, c])).toBe(digestOf([c, a, b]))
    expect(digestOf([b, c], digestOf([a]))).toBe(digestOf([a, b, c]))
    expect(digestOf([])).toBe('0')
  })

  it.each([
    ['one user less', [a, b]],
    ['another user', [a, b, ['d', false] as const]],
    ['a user twice in the place of another', [a, a, c]],
    ['a user twice', [a, b, c, c]],
    ['each user twice', [a, a, b, b, c, c]],
    ['a user who fits now', [a, b, ['c', true] as const]],
    ['nobody', []],
  ])('is another one for %s', (_, users) => {
    expect(digestOf(users)).not.toBe(digestOf([a, b, c]))
  })
})

describe('texts', () => {
  it('are all different, unless one comes twice', () => {
    const texts = new DistinctTexts()
    expect(texts.areAll()).toBe(true)
    for (let n = 0; n < 5_000; n++) texts.add(`user-${n}`)
    expect(texts.areAll()).toBe(true)
    texts.add('user-1024')
    expect(texts.areAll()).toBe(false)
  })
})

describe('the position of a scan', () => {
  it('is read as it was written', () => {
    const place = {
      list: 2,
      page: 7,
      fromMs: 5,
      skip: ['a'],
      tail: { atMs: 9, userIds: ['b', 'c'] },
      isInOrder: false,
      totalCount: 400,
    }
    const position = { place, listed: 9, counted: 8, digest: 'ff0', hasMoved: true, hasWindows: true }
    expect(parsePosition(toPositionText(position))).toEqual(position)
    expect(parsePosition(toPositionText({ ...position, place: null }))).toEqual({ ...position, place: null })
  })

  it.each([null, '', 'p1', '{}', '[]', '{"place":null}', JSON.stringify({ ...START_POSITION, digest: 'x' })])(
    'is the start for %j',
    text => {
      expect(parsePosition(text)).toBe(START_POSITION)
    },
  )
})
