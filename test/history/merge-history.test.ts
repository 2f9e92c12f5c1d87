import { describe, expect, it } from 'vitest'
import { parseHistoryCursor, toHistoryCursor } from '../../src/history/history-cursor.ts'
import { type HistoryEntry, type HistoryPlace, toPlace } from '../../src/history/history-entry.ts'
import { type HistoryPart, mergeHistory } from '../../src/history/merge-history.ts'
import { change, changeId, userEvent } from '../support/histories.ts'

/** Entries in short: `s` is a change of this service and `g` an event of GenAuth, by time and number: `s5.1`. */
const toEntry = (text: string): HistoryEntry => {
  const [, source, at = '', number = '1'] = /^([sg])(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return source === 's'
    ? { source: 'THIS_SERVICE', change: change(Number(at), Number(number)) }
    : { source: 'GENAUTH', event: userEvent(Number(at), Number(number)) }
}
const toEntries = (text: string) =>
  text
    .split(' ')
    .filter(one => one !== '')
    .map(toEntry)
const placeOf = (text: string): HistoryPlace => toPlace(toEntry(text))
const toPart = (text: string, readTo: string | null = null): HistoryPart => ({
  entries: toEntries(text),
  readTo: readTo === null ? null : placeOf(readTo),
})
const merge = (parts: HistoryPart[], first = 9, behind: string | null = null) => {
  const { entries, hasMore } = mergeHistory(parts, first, behind === null ? null : placeOf(behind))
  return [entries, hasMore] as const
}

describe('a merge of what happened', () => {
  it.each<
    [
      what: string,
      parts: HistoryPart[],
      first: number,
      behind: string | null,
      shown: string,
      hasMore: boolean,
    ]
  >([
    ['nothing', [toPart(''), toPart('')], 9, null, '', false],
    ['the newest first', [toPart('s1 s5'), toPart('g3')], 9, null, 's5 g3 s1', false],
    ['own changes first, at one time', [toPart('g5.9'), toPart('s5.1')], 9, null, 's5.1 g5.9', false],
    [
      'the greatest id first, at one time',
      [toPart('s5.1 s5.3'), toPart('g5.2 g5.4')],
      9,
      null,
      's5.3 s5.1 g5.4 g5.2',
      false,
    ],
    ['what was read twice once', [toPart('g5.1 g4'), toPart('g5.1 g4 g4.2')], 9, null, 'g5.1 g4.2 g4', false],
    ['no more than asked for', [toPart('s4 s2'), toPart('g3 g1')], 3, null, 's4 g3 s2', true],
    ['all that there is', [toPart('s4 s2'), toPart('g3')], 3, null, 's4 g3 s2', false],
    ['what is behind a change', [toPart('s5.2 s5.1 s4'), toPart('g5 g6')], 9, 's5.2', 's5.1 g5 s4', false],
    [
      'what is behind an event',
      [toPart('s5.2 s4'), toPart('g5.3 g5.2 g5.1 g6')],
      9,
      'g5.2',
      'g5.1 s4',
      false,
    ],
    ['nothing behind the last', [toPart('s5'), toPart('g6')], 9, 's5', '', false],
    [
      'nothing behind what another list was read to',
      [toPart('s9 s3 s1'), toPart('g5 g4', 'g4')],
      9,
      null,
      's9 g5 g4',
      true,
    ],
    [
      'own changes of the time that was read to',
      [toPart('s4 s3'), toPart('g5', 's4')],
      9,
      null,
      'g5 s4',
      true,
    ],
    [
      'no event of the time that was read to',
      [toPart('s9'), toPart('g5 g4.1 g4.2', 's4')],
      9,
      null,
      's9 g5',
      true,
    ],
    [
      'up to the nearest end of two',
      [toPart('s9 s2', 's2'), toPart('g7 g6', 'g6')],
      9,
      null,
      's9 g7 g6',
      true,
    ],
  ])('shows %s', (_what, parts, first, behind, shown, hasMore) => {
    expect(merge(parts, first, behind)).toEqual([toEntries(shown), hasMore])
  })
})

describe('a cursor of a history', () => {
  const places: HistoryPlace[] = [placeOf('s1764000000000.7'), placeOf('g1764000000000.7')]

  it('names a place, in the history of its user alone, and not the user', () => {
    for (const place of places) {
      const cursor = toHistoryCursor('65a000000000000000000001', place)
      expect(parseHistoryCursor('65a000000000000000000001', cursor)).toEqual(place)
      expect(parseHistoryCursor('65a000000000000000000002', cursor)).toBeNull()
      expect(cursor).not.toContain('65a0')
    }
  })

  it.each([
    '',
    'x',
    '0',
    'cm93OjA',
    'a'.repeat(12),
    `${'a'.repeat(12)}s5.${changeId(1)}`,
    toHistoryCursor('ada', { atMs: 5, source: 'GENAUTH', id: 'short' }),
    toHistoryCursor('ada', { atMs: -5, source: 'THIS_SERVICE', id: changeId(1) }),
    toHistoryCursor('ada', { atMs: 5, source: 'THIS_SERVICE', id: "00000000-0000-0000-0000-0000000000'1" }),
    `${toHistoryCursor('ada', { atMs: 5, source: 'THIS_SERVICE', id: changeId(1) })}0`,
    toHistoryCursor('ada', { atMs: 5, source: 'THIS_SERVICE', id: changeId(1) }).toUpperCase(),
    'a'.repeat(100_000),
  ])('is not %j', cursor => {
    expect(parseHistoryCursor('ada', cursor)).toBeNull()
  })
})
