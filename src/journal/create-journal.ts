import type { Logger } from 'pino'
import { type Clock, every } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { toErrorCode } from '../base/system-error-code.ts'
import { JournalUnavailableError } from '../mfa/journal-port.ts'
import type { AuditKeyring } from './audit-key.ts'
import { CHAIN_START } from './chain.ts'
import type { JournalTools } from './chain-writer.ts'
import { FileSink } from './files/file-sink.ts'
import { type JournalPlace, toJournalPlace } from './files/journal-place.ts'
import type { FileFault } from './files/judge-open-file.ts'
import { JournalLockedError, lockFile } from './files/lock-file.ts'
import { type JournalFile, openJournalFile } from './files/open-journal-file.ts'
import { refuseSpecialFile } from './files/refuse-unfit-file.ts'
import { type Journal, type JournalStart, startJournal } from './journal.ts'
import { JournalBrokenError } from './journal-broken-error.ts'
import type { JournalFileTarget, JournalStreamTarget } from './journal-target.ts'
import { createUnresolved } from './resolve/unresolved.ts'
import { createStreamSink } from './sink.ts'
import { verifySealed } from './verify/verify-sealed.ts'

export interface JournalOptions {
  readonly target: JournalFileTarget | JournalStreamTarget
  readonly keys: AuditKeyring
  readonly clock: Clock
  readonly log: Logger
  /** If it is aborted, the journal need not be opened any more. */
  readonly signal?: AbortSignal
}

/** The file is also judged this often without a write, so that `/ready` reports a fault before a write is refused. */
const LOOK_EVERY_MS = 1_000

/** The log text for each fault. Each is a reason to refuse writes. */
const FAULT_TEXTS: Readonly<Record<FileFault, string>> = {
  FILE_MOVED: 'the file of the audit journal is not at its path any more: put it back',
  FILE_LINKED: 'the file of the audit journal has a second name (a hard link): remove that',
  FILE_REMOVED:
    'the file of the audit journal was removed: before you stop this process, copy it from /proc/PID/fd/N',
  FILE_CHANGED: 'the file of the audit journal was changed by somebody else: no more writes until a restart',
}

/** The longest time that a stop waits for a disk that hangs. */
const RELEASE_WAIT_MS = 1_000

/**
 * Opens the audit journal. It first reads and verifies all of the last file, about 40 MB a second. The sealed segments
 * are verified slowly from then on. If one of them is broken, no write begins any more, but writes in flight still get
 * their records.
 *
 * @throws JournalLockedError, JournalBrokenError, or JournalUnavailableError if the system refuses
 */
export async function createJournal(options: JournalOptions): Promise<Journal> {
  const { target, keys, clock, log, signal } = options
  const tools: JournalTools = { clock, log }
  try {
    return target.kind === 'file'
      ? await openOnFile(target, keys, tools, () => signal?.throwIfAborted())
      : await openOnStream(target, keys, tools)
  } catch (error) {
    if (error instanceof JournalLockedError || error instanceof JournalBrokenError) throw error
    const cause = error instanceof JournalUnavailableError ? error.cause : error
    throw new JournalUnavailableError(`The audit journal cannot be opened (${toErrorCode(cause)})`, { cause })
  }
}

function openOnStream(
  { write, isLost }: JournalStreamTarget,
  keys: AuditKeyring,
  tools: JournalTools,
): Promise<Journal> {
  const sink = createStreamSink(write, isLost)
  const start = { sink, last: CHAIN_START, keys: keys[0], unresolved: createUnresolved(), cutBytes: 0 }
  return startJournal(start, keys, tools)
}

/** Releases the resources in reverse order, when the journal ends and also when it cannot begin. */
async function openOnFile(
  target: JournalFileTarget,
  keys: AuditKeyring,
  tools: JournalTools,
  betweenChunks: () => void,
): Promise<Journal> {
  const { clock, log } = tools
  const place = await toJournalPlace(target.path)
  await refuseSpecialFile(place.path)
  const lock = await lockFile(place.path, target, clock)
  try {
    const { file, found, sealed } = await openJournalFile(place.path, keys, log, betweenChunks)
    const faults = { broken: 0, unverified: 0 }
    const start = { ...continueFile(place, target.segmentBytes, { file, found }, log), sealedFaults: faults }
    const journal = await startJournal(start, keys, tools).catch(async error => {
      await start.sink.close()
      throw error
    })
    const looks = every(clock, LOOK_EVERY_MS, () => void start.sink.look()).unref()
    const verification = verifySealed({ sealed, openFile: found, ring: keys, faults, clock, log })
    return {
      ...journal,
      async close() {
        looks.cancel()
        verification.close()
        // The lock stays while a record may still arrive. Another process takes it over once this process is
        // gone.
        const how = await journal.close().catch(async error => {
          await lock.release()
          throw error
        })
        await within(createDeadline(RELEASE_WAIT_MS, clock), verification.ended, () => {})
        if (how === 'CLOSED') await within(createDeadline(RELEASE_WAIT_MS, clock), lock.release(), () => {})
        return how
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

function continueFile(
  place: JournalPlace,
  segmentBytes: number,
  { file, found }: Pick<JournalFile, 'file' | 'found'>,
  log: Logger,
): JournalStart {
  const { head, last, keys, wholeBytes, tornTail, unresolved } = found
  const cutBytes = tornTail?.bytes ?? 0
  if (cutBytes > 0)
    log.warn({ cutBytes }, 'the audit journal ended in an unfinished record, which is cut off')
  const onFault = (fault: FileFault) => log.error({ fault }, FAULT_TEXTS[fault])
  const { number, bytes: headBytes } = head
  const sink = new FileSink({ file, place, wholeBytes, headBytes, number, segmentBytes, onFault })
  return { sink, last, keys, unresolved, cutBytes }
}
