import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { CHAIN_START } from '../../src/journal/chain.ts'
import { FileSink } from '../../src/journal/files/file-sink.ts'
import { startJournal } from '../../src/journal/journal.ts'
import { createUnresolved } from '../../src/journal/resolve/unresolved.ts'
import type { SinkFile } from '../../src/journal/sink.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { ownCallContext } from '../../src/mfa/call-context.ts'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'
import { createReadsInFlight } from '../../src/mfa/reads-in-flight.ts'
import { createRevisions } from '../../src/mfa/revision.ts'
import type { MfaUpstream } from '../../src/mfa/upstream.ts'
import { SURELY_HELD } from '../../src/mfa/user-lock.ts'
import { type WriteScope, writeOnRecord } from '../../src/mfa/write.ts'
import { CANARY } from '../support/canaries.ts'
import { clockAt, createHandClock } from '../support/hand-clock.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  GENAUTH_ID,
  intentOf,
  journalOnFaultyFile,
  journalPath,
  newFile,
  openJournal,
  readRecords,
  systemError,
  watchedLog,
} from '../support/journal.ts'

/** A disk that, while it is full, takes half of what it is given. */
function fullDisk(disk: { isFull: boolean }) {
  return (real: SinkFile): Partial<SinkFile> => ({
    async appendFile(data) {
      if (!disk.isFull) return real.appendFile(data)
      await real.appendFile((data as Buffer).subarray(0, (data as Buffer).length / 2))
      throw systemError('ENOSPC')
    },
  })
}

describe('an intent that cannot be written', () => {
  it('refuses the set; half a record is cut off, and the set after is recorded when there is room', async () => {
    const path = journalPath()
    const disk = { isFull: false }
    let clock = 0
    const journal = await journalOnFaultyFile(path, fullDisk(disk), { clock: clockAt(() => clock) })
    disk.isFull = true
    const refused = await Promise.allSettled([1, 2, 3].map(() => journal.begin(intentOf())))
    for (const one of refused) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(JournalUnavailableError) })
    }
    expect(journal.isWritable()).toBe(false)
    expect(readRecords(path)).toHaveLength(1)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 1, tornTail: null })

    disk.isFull = false
    await (await journal.begin(intentOf()))(APPLIED)
    expect(journal.isWritable()).toBe(true)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 3, firstBreak: null })

    disk.isFull = true
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    clock += 9_999
    expect(journal.isWritable()).toBe(false)
    clock += 1
    expect(journal.isWritable()).toBe(true)
  })

  it('sends nothing to GenAuth', async () => {
    const disk = { isFull: false }
    const journal = await journalOnFaultyFile(journalPath(), fullDisk(disk))
    const calls: string[] = []
    const upstream = new Proxy({} as MfaUpstream, {
      get: (_target, name) => async () => {
        calls.push(String(name))
        return { ok: true }
      },
    })
    const parts = {
      upstreamFor: () => upstream,
      journal,
      toRevision: createRevisions(['s']).toRevision,
      readsInFlight: createReadsInFlight(),
      sleep: async () => {},
    }
    const { request, given, reason, revertOf, effects, railsPassed } = intentOf()
    const states = { before: null, after: EMPTY_MFA_STATE }
    const facts = {
      genauthId: null,
      isClient: false,
      authTimeS: null,
      expiresAtMs: Number.MAX_SAFE_INTEGER,
      acr: null,
      amr: [],
    }
    const caller = { ...request.caller, ...facts }
    const context = { ...ownCallContext(createDeadline(5_000, systemClock)), ...request, caller }
    const scope: WriteScope = { parts, context }
    const write = { given, user: given, ...states, mfaToken: 't', reason, revertOf, effects, railsPassed }
    disk.isFull = true
    await expect(writeOnRecord(scope, write, SURELY_HELD)).rejects.toThrow(JournalUnavailableError)
    expect(calls).toEqual([])
    disk.isFull = false
    await writeOnRecord(scope, write, SURELY_HELD)
    expect(calls).toEqual(['writeMfa'])
  })

  it('stops the journal when half a record cannot be cut off; the next start cuts it off', async () => {
    const path = journalPath()
    const disk = { isFull: false }
    const journal = await journalOnFaultyFile(path, real => ({
      ...fullDisk(disk)(real),
      truncate: async () => {
        throw systemError('EIO')
      },
    }))
    disk.isFull = true
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    disk.isFull = false
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    expect(journal.isWritable()).toBe(false)
    await journal.close()
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 1, tornTail: { line: 2 } })
    const { log, lines } = watchedLog()
    const next = await openJournal(path, { log })
    await (await next.begin(intentOf()))(APPLIED)
    await next.close()
    expect(lines).toMatchObject([{ level: 'warn', cutBytes: expect.any(Number) }, { level: 'info' }])
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 4,
      tornTail: null,
      firstBreak: null,
    })
  })

  it('stops the journal when the disk could not sync, even if the next sync would succeed', async () => {
    let [syncs, clock] = [0, 0]
    const faults = (real: SinkFile): Partial<SinkFile> => ({
      async datasync() {
        syncs++
        if (syncs === 2) throw systemError('EIO')
        return real.datasync()
      },
    })
    const journal = await journalOnFaultyFile(journalPath(), faults, { clock: clockAt(() => clock) })
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    clock += 3_600_000
    expect(journal.isWritable()).toBe(false)
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    expect(journal.isWritable()).toBe(false)
    expect(syncs).toBe(2)
  })

  it.each<[string, (path: string) => void]>([
    ['has been written to by somebody else', path => appendFileSync(path, '{}\n')],
    ['has been removed', path => rmSync(path)],
  ])('stops the journal when its file %s', async (_what, harm) => {
    const path = journalPath()
    const journal = await openJournal(path)
    harm(path)
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    expect(journal.isWritable()).toBe(false)
    await journal.close()
  })

  it('of a file that was closed is an error like any other', async () => {
    let closeFile = async () => {}
    const journal = await journalOnFaultyFile(journalPath(), real => {
      closeFile = () => real.close()
      return {}
    })
    await closeFile()
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
  })
})

describe('an outcome that cannot be written', () => {
  it('rejects nothing, is told in the log without a name, and no set begins until a restart', async () => {
    const path = journalPath()
    const { log, lines } = watchedLog()
    const disk = { isFull: false }
    let clock = 0
    const journal = await journalOnFaultyFile(path, fullDisk(disk), { clock: clockAt(() => clock), log })
    const given = { userId: CANARY.phone, userIdType: 'PHONE' } as const
    const conclude = await journal.begin(intentOf({ given }))
    const concludeOther = await journal.begin(intentOf())
    disk.isFull = true
    await conclude(APPLIED)
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { cause: 'ENOSPC', msg: 'the audit journal cannot be written' },
      { intent: readRecords(path)[1].id, msg: expect.stringContaining('no more writes until a restart') },
    ])
    expect(JSON.stringify(lines)).not.toContain(GENAUTH_ID)

    disk.isFull = false
    clock += 3_600_000
    expect(journal.isWritable()).toBe(false)
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    await concludeOther(APPLIED)
    await journal.close()
    const [, intent, other, outcome] = readRecords(path)
    expect(outcome).toMatchObject({ kind: 'outcome', intent: other.id })
    const next = await openJournal(path)
    expect(next.openIntents.map(({ id }) => id)).toEqual([intent.id])
    await next.close()
  })
})

/** A disk whose syncs hang while it is told to, by a clock in the test's hand. */
async function journalOnHangingDisk() {
  const path = journalPath()
  const disk = {
    hangs: false,
    fails: false,
    goOn: () => {},
    recover() {
      disk.hangs = false
      disk.goOn()
    },
  }
  const clock = createHandClock()
  const { log, lines } = watchedLog()
  const faults = (real: SinkFile): Partial<SinkFile> => ({
    async datasync() {
      if (disk.hangs) await new Promise<void>(resolve => Object.assign(disk, { goOn: resolve }))
      if (disk.fails) throw systemError('EIO')
      return real.datasync()
    },
  })
  const journal = await journalOnFaultyFile(path, faults, { clock: clockAt(clock.now), log })
  const deadlineIn = (ms: number) => createDeadline(ms, clock)
  return { path, journal, disk, clock, lines, deadlineIn }
}

describe('a disk that hangs', () => {
  it('at an outcome refuses sets from the deadline on, until the record has followed', async () => {
    const { path, journal, disk, clock, deadlineIn } = await journalOnHangingDisk()
    const conclude = await journal.begin(intentOf())
    disk.hangs = true
    const recorded = conclude(APPLIED, deadlineIn(1_500))
    expect(journal.isWritable()).toBe(true)
    await clock.advance(1_500)
    expect(journal.isWritable()).toBe(false)
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    await clock.advance(3_600_000)
    expect(journal.isWritable()).toBe(false)

    await expect.poll(() => readRecords(path)).toHaveLength(3)
    disk.recover()
    await recorded
    expect(journal.isWritable()).toBe(true)
    await (await journal.begin(intentOf()))(APPLIED)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 5,
      openIntents: [],
      firstBreak: null,
    })
  })

  it('for the time of a sync refuses nothing, however short the deadline of one caller is', async () => {
    const { path, journal, disk, clock, deadlineIn } = await journalOnHangingDisk()
    const conclude = await journal.begin(intentOf())
    disk.hangs = true
    const recorded = conclude(APPLIED, deadlineIn(5))
    await clock.advance(500)
    expect(journal.isWritable()).toBe(true)
    await clock.advance(1)
    expect(journal.isWritable()).toBe(false)
    await expect.poll(() => readRecords(path)).toHaveLength(3)
    disk.recover()
    await recorded
    expect(journal.isWritable()).toBe(true)
  })

  it('at an outcome and then fails refuses sets for good, and the next start has the intent to conclude', async () => {
    const { path, journal, disk, clock, deadlineIn, lines } = await journalOnHangingDisk()
    const conclude = await journal.begin(intentOf())
    disk.hangs = true
    const recorded = conclude(APPLIED, deadlineIn(1_500))
    await expect.poll(() => readRecords(path)).toHaveLength(3)
    disk.fails = true
    disk.goOn()
    await recorded
    await clock.advance(3_600_000)
    expect(journal.isWritable()).toBe(false)
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      msg: expect.stringContaining('an outcome is missing'),
    })
  })

  it('at an intent refuses sets after two seconds, until it goes on', async () => {
    const { path, journal, disk, clock } = await journalOnHangingDisk()
    disk.hangs = true
    const begun = journal.begin(intentOf())
    await expect.poll(() => readRecords(path)).toHaveLength(2)
    await clock.advance(2_000)
    expect(journal.isWritable()).toBe(true)
    await clock.advance(1)
    expect(journal.isWritable()).toBe(false)
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    disk.recover()
    await (await begun)(APPLIED)
    expect(journal.isWritable()).toBe(true)
    expect(readRecords(path).map(({ kind }) => kind)).toEqual(['opened', 'intent', 'outcome'])
  })

  it('while the process stops is not waited for longer than two seconds', { tags: 'long' }, async () => {
    const { path, journal, disk, lines } = await journalOnHangingDisk()
    const conclude = await journal.begin(intentOf())
    disk.hangs = true
    void conclude(APPLIED)
    await expect.poll(() => readRecords(path)).toHaveLength(3)
    const startedAtMs = performance.now()
    expect(await journal.close()).toBe('HELD_UP')
    expect(performance.now() - startedAtMs).toBeGreaterThan(1_900)
    expect(lines.at(-1)).toMatchObject({ level: 'error', records: 1 })
    expect(journal.isHeldUp()).toBe(true)
    disk.goOn()
  })
})

describe('a journal that cannot be opened', () => {
  it.each<[string, (path: string) => string, string]>([
    ['in a folder that is not there', path => `${path}/none/audit.jsonl`, 'ENOENT'],
    ['in a folder that takes no files', () => '/proc/audit.jsonl', 'ENOENT'],
  ])('%s refuses to start and leaves no lock', async (_what, prepare, code) => {
    const path = prepare(journalPath())
    const refusal = openJournal(path)
    await expect(refusal).rejects.toThrow(JournalUnavailableError)
    await expect(refusal).rejects.toThrow(`The audit journal cannot be opened (${code})`)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it.each<[string, (path: string) => void]>([
    ['on a device, which keeps nothing,', path => symlinkSync('/dev/null', path)],
    ['in the place of a folder', path => mkdirSync(path)],
  ])('%s refuses to start', async (_what, prepare) => {
    const path = journalPath()
    prepare(path)
    await expect(openJournal(path)).rejects.toThrow('must be a plain file')
    expect(existsSync(`${path}.lock`) || existsSync('/dev/null.lock')).toBe(false)
  })

  it('on a full device does not start', async () => {
    const file = await open('/dev/full', 'a')
    const sink = new FileSink({ ...newFile('/dev/full'), file })
    const start = {
      sink,
      last: CHAIN_START,
      keys: AUDIT_KEYS[0],
      unresolved: createUnresolved(),
      cutBytes: 0,
    }
    const tools = { clock: systemClock, log: watchedLog().log }
    await expect(startJournal(start, AUDIT_KEYS, tools)).rejects.toMatchObject({ cause: { code: 'ENOSPC' } })
    expect(sink.isBroken()).toBe(true)
    await sink.close()
  })

  it('leaves a tampered file as it found it', async () => {
    const path = journalPath()
    appendFileSync(path, 'not a record\nhalf')
    await expect(openJournal(path)).rejects.toMatchObject({ name: 'JournalBrokenError' })
    expect(readFileSync(path, 'utf8')).toBe('not a record\nhalf')
    expect(existsSync(`${path}.lock`)).toBe(false)
    expect(existsSync(dirname(path))).toBe(true)
  })
})
