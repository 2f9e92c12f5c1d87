import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import type { Logger } from 'pino'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import { CHAIN_START } from '../../src/journal/chain.ts'
import { createJournal, type JournalOptions } from '../../src/journal/create-journal.ts'
import { FileSink } from '../../src/journal/files/file-sink.ts'
import { type Journal, startJournal } from '../../src/journal/journal.ts'
import { createUnresolved } from '../../src/journal/resolve/unresolved.ts'
import type { SinkFile } from '../../src/journal/sink.ts'
import { createLog } from '../../src/log.ts'
import type { WriteConclusion, WriteIntent } from '../../src/mfa/journal-port.ts'
import type { Json } from './app.ts'
import { watchForLeaks } from './canaries.ts'

export const AUDIT_KEYS = toAuditKeyring({ auditKeys: ['the key of these tests'], accessKeySecret: '' })
export const APPLIED: WriteConclusion = { outcome: 'APPLIED', failure: null, upstreamRequestId: null }
export const UNKNOWN: WriteConclusion = {
  outcome: 'UNKNOWN',
  failure: 'UPSTREAM_UNAVAILABLE',
  upstreamRequestId: null,
}
export const GENAUTH_ID = '65b000000000000000000001'

/**
 * Returns a path for a journal in a folder that is removed when the test ends. A concurrent test passes its own hook.
 */
export function journalPath(whenFinished: (clean: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  whenFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'audit.jsonl')
}

/** Creates a log whose lines a test can read. All of them are watched for leaks. */
export function watchedLog(): { log: Logger; lines: Json[] } {
  const lines: Json[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      watchForLeaks('log', String(chunk))
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { log: createLog('debug', destination), lines }
}

/** Opens the journal as this very process. */
export function openJournal(path: string, changes: Partial<JournalOptions> = {}): Promise<Journal> {
  return createJournal({
    target: { kind: 'file', path, segmentBytes: 1_000_000, pid: process.pid, isAlive: () => true },
    keys: AUDIT_KEYS,
    clock: systemClock,
    log: watchedLog().log,
    ...changes,
  })
}

/** Opens a new journal on a real file whose calls a test can hold back or let fail. */
export async function journalOnFaultyFile(
  path: string,
  faults: (real: SinkFile) => Partial<SinkFile>,
  { clock = systemClock, log = watchedLog().log } = {},
): Promise<Journal> {
  const real = await open(path, 'a', 0o600)
  const file: SinkFile = {
    appendFile: data => real.appendFile(data),
    datasync: () => real.datasync(),
    truncate: bytes => real.truncate(bytes),
    stat: real.stat.bind(real),
    close: () => real.close(),
    ...faults(real),
  }
  const sink = new FileSink({ ...newFile(path), file })
  const start = { sink, last: CHAIN_START, keys: AUDIT_KEYS[0], unresolved: createUnresolved(), cutBytes: 0 }
  const journal = await startJournal(start, AUDIT_KEYS, { clock, log })
  onTestFinished(async () => void (await journal.close().catch(() => {})))
  return journal
}

/** Returns the options of a sink on a new file. */
export function newFile(path: string) {
  const place = { path, names: [] }
  return { place, wholeBytes: 0, headBytes: 0, number: 1, segmentBytes: 1_000_000, onFault() {} }
}

/** Creates an error as the system throws it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code })
}

/** Reads the records of a journal. Those of its sealed segments come first. */
export function readRecords(path: string): Json[] {
  return journalFiles(path).flatMap(file =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line)),
  )
}

/** Returns the files of a journal in order. */
export function journalFiles(path: string): string[] {
  const folder = dirname(path)
  const sealed = readdirSync(folder).filter(name => /\.\d{6}$/.test(name) && name.startsWith(basename(path)))
  return [...sealed.sort().map(name => join(folder, name)), path]
}

export function intentOf(changes: Partial<WriteIntent> = {}): WriteIntent {
  return {
    request: {
      requestId: 'request-1',
      trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isSampled: true },
      caller: { issuer: 'https://issuer.example', subject: 'admin-1', client: 'support-desk' },
    },
    given: { userId: GENAUTH_ID, userIdType: 'USER_ID' },
    genauthId: GENAUTH_ID,
    factorsBefore: [{ code: 'SMS', enabled: true, sort: 0, statusAsRead: 1 }],
    factorsAfter: [{ code: 'SMS', enabled: false, sort: 0, statusAsRead: 0 }],
    changedFields: ['mfaPhone'],
    revisionBefore: 'r1.before',
    revisionIntended: 'r1.intended',
    reason: 'lost phone',
    revertOf: null,
    effects: ['WEAKENING'],
    railsPassed: ['OWN_USER'],
    ...changes,
  }
}
