import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AuditKeyring } from './audit-key.ts'
import { describeBreak } from './describe-break.ts'
import { toErrorCode } from './error-code.ts'
import { findBreak, type WalkedSegment } from './find-break.ts'
import type { SealedSegment } from './segment-names.ts'
import { type JournalWalk, walkJournal } from './walk-journal.ts'

export interface SealedVerificationOptions {
  /** In order. */
  readonly sealed: readonly SealedSegment[]
  /** The open file, as it was found at the start. */
  readonly openFile: JournalWalk
  readonly ring: AuditKeyring
  readonly log: Logger
  /** Waits between two pieces of work; a test needs not wait. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Verifies what a start did not wait for. */
export interface SealedVerification {
  /** Resolves when all were verified, or this was closed. */
  readonly ended: Promise<void>
  /** So many segments were found broken. */
  readonly broken: number
  close(): void
}

/** Of one core. The rest is for those who are served. */
const SHARE = 0.1
/** A timer of less is not worth its trouble. */
const MIN_SLEEP_MS = 5
const WRITABLE_BY_OTHERS = 0o022

/**
 * Verifies the sealed segments one after the other, slowly, while the process serves. Each break is an error in the
 * log: nothing is refused for it, since what is written now continues a chain that is in order.
 */
export function verifySealed(options: SealedVerificationOptions): SealedVerification {
  const { sealed, openFile, ring, log, sleep = sleepUnlessAborted } = options
  const aborting = new AbortController()
  const { signal } = aborting
  let broken = 0
  let exposed = 0
  let resumedAtMs = performance.now()

  async function rest(): Promise<void> {
    const restMs = (performance.now() - resumedAtMs) * (1 / SHARE - 1)
    if (restMs >= MIN_SLEEP_MS) {
      await sleep(restMs, signal)
      resumedAtMs = performance.now()
    }
    signal.throwIfAborted()
  }

  async function walk({ path }: SealedSegment): Promise<JournalWalk> {
    await using file = await open(path)
    if (((await file.stat()).mode & WRITABLE_BY_OTHERS) !== 0) exposed++
    resumedAtMs = performance.now()
    return await walkJournal(file, ring, rest)
  }

  function judge(path: string, segment: WalkedSegment, before: WalkedSegment | null): void {
    const found = findBreak(segment, before)
    if (found === null) return
    broken++
    const { line, what } = found
    log.error(
      { file: basename(path), line, what, meaning: describeBreak(found) },
      'a sealed segment of the audit journal is not in order: see what audit-verify says',
    )
  }

  async function verifyAll(): Promise<void> {
    let before: WalkedSegment | null = null
    let records = 0
    for (const segment of sealed) {
      try {
        const walked = { number: segment.number, walk: await walk(segment) }
        judge(segment.path, walked, before)
        records += walked.walk.records
        before = walked
      } catch (error) {
        if (signal.aborted) return
        // Moved to where segments are kept.
        if (toErrorCode(error) === 'ENOENT') continue
        broken++
        const text = 'a sealed segment of the audit journal cannot be read'
        log.error({ file: basename(segment.path), cause: toErrorCode(error) }, text)
      }
    }
    if (before !== null) judge('the open file', { number: null, walk: openFile }, before)
    if (exposed > 0)
      log.warn({ segments: exposed }, 'others may write to sealed segments of the audit journal')
    if (broken === 0)
      log.info({ segments: sealed.length, records }, 'the sealed segments of the audit journal are in order')
  }

  const ended = sealed.length === 0 ? Promise.resolve() : verifyAll()
  return {
    ended,
    get broken() {
      return broken
    },
    close: () => aborting.abort(),
  }
}

/** Keeps no process alive. */
async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { ref: false, signal }).catch(() => {})
}
