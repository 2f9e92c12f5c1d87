import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ScanConclusion, ScanStart } from '../../src/coverage/scan-journal.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'
import {
  AUDIT_KEYS,
  intentOf,
  journalFiles,
  journalOnFaultyFile,
  journalPath,
  openJournal,
  readRecords,
  systemError,
  watchedLog,
} from '../support/journal.ts'
import { EVERYBODY } from '../support/scans.ts'

const { request } = intentOf()
const START: ScanStart = {
  request,
  scanId: 'scan-1',
  depth: 'BINDINGS',
  budgetShare: 0.5,
  population: {
    departments: [{ organizationCode: 'acme', departmentId: 'd1', includesChildren: true }],
    groups: [],
    statuses: ['ACTIVATED', 'SUSPENDED'],
    signedInTo: ['app-1'],
    lastSignInAfterMs: Date.UTC(2030, 0),
    lastSignInBeforeMs: null,
    exceptUserIds: ['65b000000000000000000001'],
    exceptGroups: ['admins'],
  },
}
const END: ScanConclusion = {
  request: null,
  scanId: 'scan-1',
  status: 'SUCCEEDED',
  failure: null,
  expected: 10_000,
  seen: 9_998,
  unreadable: 2,
  upstreamCalls: 10_400,
  isWhole: false,
}
const CALLER = { issuer: 'https://issuer.example', subject: 'admin-1', client: 'support-desk' }

describe('a scan on record', () => {
  it('says who asked for which users, and how it ended', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.recordScanStart(START)
    await journal.recordScanEnd(END)
    await journal.close()
    const [, started, ended] = readRecords(path)
    expect(started).toMatchObject({
      kind: 'scanStarted',
      requestId: 'request-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      caller: CALLER,
      scan: 'scan-1',
      depth: 'BINDINGS',
      budgetShare: 0.5,
      population: {
        departments: [{ organizationCode: 'acme', departmentId: 'd1', includesChildren: true }],
        groups: [],
        statuses: ['ACTIVATED', 'SUSPENDED'],
        signedInTo: ['app-1'],
        lastSignInAfter: '2030-01-01T00:00:00.000Z',
        lastSignInBefore: null,
        exceptUserIds: ['65b000000000000000000001'],
        exceptGroups: ['admins'],
      },
    })
    expect(ended).toMatchObject({
      kind: 'scanEnded',
      requestId: null,
      caller: null,
      scan: 'scan-1',
      status: 'SUCCEEDED',
      failure: null,
      expected: 10_000,
      seen: 9_998,
      unreadable: 2,
      upstreamCalls: 10_400,
      isWhole: false,
    })
  })

  it('names nobody for the nightly scan, and the caller who cancelled one', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.recordScanStart({
      request: null,
      scanId: 'scan-2',
      depth: 'FULL',
      budgetShare: 1,
      population: EVERYBODY,
    })
    await journal.recordScanEnd({ ...END, request, scanId: 'scan-2', status: 'CANCELLED', expected: null })
    await journal.close()
    const [, started, ended] = readRecords(path)
    expect(started).toMatchObject({ scan: 'scan-2', requestId: null, traceId: null, caller: null })
    expect(ended).toMatchObject({ scan: 'scan-2', requestId: 'request-1', caller: CALLER, expected: null })
  })

  it('is in order for the verifier in every segment, and leaves nothing for the next start to resolve', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.recordScanStart(START)
    await journal.beginSegment()
    // Its start is in an earlier segment, or in the journal of another replica.
    await journal.recordScanEnd(END)
    await journal.recordScanEnd(END)
    await journal.close()
    expect(journalFiles(path)).toHaveLength(2)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 5,
      firstBreak: null,
      openIntents: [],
    })
    const next = await openJournal(path)
    expect(next).toMatchObject({ openIntents: [], inDoubt: [] })
    await next.close()
  })

  it('is found when it is altered, and may be torn at its end', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.recordScanStart(START)
    await journal.recordScanEnd(END)
    await journal.close()
    const text = readFileSync(path, 'utf8')
    const lines = text.trimEnd().split('\n')
    for (const at of [1, 2]) {
      const before = lines.slice(0, at).map(line => `${line}\n`)
      const [torn = ''] = lines.slice(at)
      for (let bytes = 1; bytes <= torn.length; bytes += 37) {
        writeFileSync(path, `${before.join('')}${torn.slice(0, bytes)}`)
        expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ firstBreak: null, tornTail: { bytes } })
      }
    }
    writeFileSync(path, text.replace('"seen":9998', '"seen":9999'))
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ firstBreak: { line: 3, what: 'ALTERED' } })
  })

  it('is refused at its start when the disk is full, and ends without its record, which the log says', async () => {
    const path = journalPath()
    const { log, lines } = watchedLog()
    let isFull = false
    const faults = (real: { appendFile(data: string): Promise<void> }) => ({
      appendFile: async (data: string) => {
        if (isFull) throw systemError('ENOSPC')
        await real.appendFile(data)
      },
    })
    const journal = await journalOnFaultyFile(path, faults, { log })
    isFull = true
    await expect(journal.recordScanStart(START)).rejects.toBeInstanceOf(JournalUnavailableError)
    await journal.recordScanEnd(END)
    expect(lines.at(-1)).toMatchObject({
      scan: 'scan-1',
      msg: 'the end of a scan is missing in the audit journal',
    })
    isFull = false
    await journal.recordScanEnd(END)
    expect(readRecords(path).at(-1)).toMatchObject({ kind: 'scanEnded', scan: 'scan-1' })
  })
})
