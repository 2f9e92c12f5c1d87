import { expect, it } from 'vitest'
import type { DurableGroup } from '../../src/journal/chain-writer.ts'
import {
  APPLIED,
  GENAUTH_ID,
  intentOf,
  journalOnFaultyFile,
  journalPath,
  openJournal,
  readRecords,
  systemError,
  UNKNOWN,
} from '../support/journal.ts'

it('each durable record is told once, in order, with the intent that it is about', async () => {
  const path = journalPath()
  const journal = await openJournal(path)
  const groups: DurableGroup[] = []
  const before = journal.onDurable(group => groups.push(group))
  const [conclude, doubt] = await Promise.all([journal.begin(intentOf()), journal.begin(intentOf())])
  await conclude(APPLIED)
  await doubt(UNKNOWN)
  const doubted = groups.at(-1)?.records[0]?.about?.id ?? ''
  await journal.followUp({ id: doubted }, 1, 'BEFORE')
  await journal.close()
  const written = readRecords(path)
  expect(before).toEqual({ seq: 1, hash: written[0].hash })
  expect(groups.map(({ records }) => records.map(({ draft }) => draft.kind))).toEqual([
    ['intent', 'intent'],
    ['outcome'],
    ['outcome'],
    ['followUp'],
  ])
  expect(groups.map(({ end }) => end)).toEqual(
    [3, 4, 5, 6].map(seq => ({ seq, hash: written[seq - 1].hash })),
  )
  const about = { user: { genauthId: GENAUTH_ID }, revisionIntended: written[1].revisionIntended }
  expect(groups.map(({ records }) => records[0]?.about)).toMatchObject([
    ...[null, { id: written[1].id, ...about }],
    ...[
      { id: doubted, ...about },
      { id: doubted, ...about },
    ],
  ])
})

it('a record that did not become durable is not told', async () => {
  const told: DurableGroup[] = []
  let isFull = false
  const journal = await journalOnFaultyFile(journalPath(), real => ({
    datasync: async () => {
      if (isFull) throw systemError('ENOSPC')
      await real.datasync()
    },
  }))
  journal.onDurable(group => told.push(group))
  isFull = true
  await expect(journal.begin(intentOf())).rejects.toThrow()
  expect(told).toEqual([])
})
