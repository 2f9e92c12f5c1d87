import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../../base/clock.ts'
import { toErrorCode } from '../../base/system-error-code.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { SealedSegment } from '../files/segment-names.ts'
import { describeBreak } from './describe-break.ts'
import { findBreak, type WalkedSegment } from './find-break.ts'
import type { SealedFaults } from './sealed-faults.ts'
import { type JournalBreak, type JournalWalk, walkJournal } from './walk-journal.ts'

export interface SealedVerificationOptions {
  /** The sealed segments in order. */
  readonly sealed: readonly SealedSegment[]
  /** The open file as the start found it. */
  readonly openFile: JournalWalk
  readonly ring: AuditKeyring
  /** Counts each fault as soon as it is found, for a caller who reads it before the end. */
  readonly faults?: { -readonly [K in keyof SealedFaults]: SealedFaults[K] }
  readonly clock: Clock
  readonly log: Logger
}

/** Verifies the files that a start did not wait for. */
export interface SealedVerification {
  /** Resolves when all files are verified, or when this is closed. */
  readonly ended: Promise<void>
  /** The faults found so far. */
  readonly faults: SealedFaults
  close(): void
}

/** The share of one core. The rest is for requests. */
const SHARE = 0.1
/** A shorter timer is not worth its cost. */
const MIN_SLEEP_MS = 5
const WRITABLE_BY_OTHERS = 0o022

/**
 * Verifies the sealed segments one after the other, slowly, while the process serves. It logs each fault in a line. It
 * is no fault if the oldest segments were moved to an archive.
 */
export function verifySealed(options: SealedVerificationOptions): SealedVerification {
  const { sealed, openFile, ring, faults = { broken: 0, unverified: 0 }, clock, log } = options
  const aborting = new AbortController()
  const { signal } = aborting
  let exposed = 0
  let wake = () => {}
  let resumedAtMs = clock.monotonic()

  async function rest(): Promise<void> {
    const restMs = (clock.monotonic() - resumedAtMs) * (1 / SHARE - 1)
    if (restMs >= MIN_SLEEP_MS) {
      await new Promise<void>(resolve => {
        const timer = clock.after(restMs, resolve).unref()
        wake = () => {
          timer.cancel()
          resolve()
        }
      })
      resumedAtMs = clock.monotonic()
    }
    signal.throwIfAborted()
  }

  async function walk({ path }: SealedSegment): Promise<JournalWalk> {
    await using file = await open(path)
    if (((await file.stat()).mode & WRITABLE_BY_OTHERS) !== 0) exposed++
    return await walkJournal(file, ring, rest)
  }

  function judge(file: string, segment: WalkedSegment, before: WalkedSegment | null): void {
    const found = findBreak(segment, before)
    if (found === null) return
    const { line, what } = found
    const facts = { file, line, what, meaning: describeBreak(found) }
    if (isMissingKey(found)) {
      faults.unverified++
      log.warn(facts, 'a sealed segment of the audit journal is under a key that is not given')
    } else {
      faults.broken++
      log.error(
        facts,
        'a sealed segment of the audit journal is not in order: no more writes until a restart',
      )
    }
  }

  async function verifyAll(): Promise<void> {
    let before: WalkedSegment | null = null
    let records = 0
    for (const segment of sealed) {
      const file = basename(segment.path)
      try {
        const walked = { number: segment.number, walk: await walk(segment) }
        judge(file, walked, before)
        records += walked.walk.records
        before = walked
      } catch (error) {
        if (signal.aborted) return
        // The end that the next one must continue is unknown.
        before = null
        const cause = toErrorCode(error)
        if (cause === 'ENOENT') continue
        faults.unverified++
        log.error({ file, cause }, 'a sealed segment of the audit journal cannot be read')
      }
    }
    if (before !== null) judge('the open file', { number: null, walk: openFile }, before)
    if (exposed > 0)
      log.warn({ segments: exposed }, 'others may write to sealed segments of the audit journal')
    if (faults.broken + faults.unverified === 0)
      log.info({ segments: sealed.length, records }, 'the sealed segments of the audit journal are in order')
  }

  const ended = sealed.length === 0 ? Promise.resolve() : verifyAll()
  return {
    ended,
    faults,
    close() {
      aborting.abort()
      wake()
    },
  }
}

/** A first record that is not genuine looks the same whether it was altered or is under a former key. */
function isMissingKey({ what }: JournalBreak): boolean {
  return what === 'UNKNOWN_KEY' || what === 'ALTERED_OR_OTHER_KEY'
}
