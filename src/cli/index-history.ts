import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toReadFault } from '../base/read-text-file.ts'
import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import { ConfigError } from '../config/config-error.ts'
import { loadVerifierSecrets } from '../config/load-verifier-secrets.ts'
import type { AuditKeyring } from '../journal/audit-key.ts'
import type { Store } from '../store/create-store.ts'
import type { StoreTarget } from '../store/store-target.ts'
import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

/** A store that is slow to open is waited for so long. */
const OPENING_POLLS = 200
const OPENING_POLL_MS = 50

/**
 * Brings the changes of journals into the history. Exit code 1 means that changes may be missing there. If a named file
 * is not in order, nothing is read.
 */
export const indexHistory: RunCommand = async ({ program, operands, options }) => {
  const { toAuditKeyring } = await import('../journal/audit-key.ts')
  const { SANDBOX_ACCESS_KEY_SECRET } = await import('../sandbox/sandbox.ts')
  const { auditKeys, accessKeySecret, store: target } = loadVerifierSecrets(program.env)
  if (target === null) throw new ConfigError(['STORE_URL: required, because the history is kept there'])
  const ring = toAuditKeyring({ auditKeys, accessKeySecret: accessKeySecret ?? SANDBOX_ACCESS_KEY_SECRET })
  const broken = await findBroken(operands, ring)
  if (broken !== null) {
    await printAll(program, `${broken.join('\n')}\nNothing was read.\n`)
    return 1
  }
  const store = await openStore(target)
  try {
    const { describeIndexing } = await import('../journal/history/describe-indexing.ts')
    const { indexJournals } = await import('../journal/history/index-journals.ts')
    const chains = options.has('store') ? store.chains : null
    const indexed = await indexJournals({ files: operands, chains, ring, index: store.changes })
    await printAll(program, `${describeIndexing(indexed).join('\n')}\n`)
    const isWhole = indexed.journals.every(journal => journal.isWhole)
    return isWhole && indexed.endsWithoutBeginning === 0 ? 0 : 1
  } catch (error) {
    throw toConfigError(error)
  } finally {
    await store.close()
  }
}

/** Returns what is not in order, or `null`. */
async function findBroken(files: readonly string[], ring: AuditKeyring): Promise<string[] | null> {
  const { describeVerification } = await import('../journal/verify/describe-verification.ts')
  const { verifyJournal } = await import('../journal/verify/verify-journal.ts')
  for (const file of files) {
    const verified = await verifyJournal(file, ring).catch(error => {
      throw toConfigError(error)
    })
    if (verified.firstBreak !== null)
      return [`${basename(file)} is not in order:`, ...describeVerification(verified)]
  }
  return null
}

/** @throws ConfigError if the store cannot be used */
async function openStore(target: StoreTarget): Promise<Store> {
  const { pino } = await import('pino')
  const { systemClock } = await import('../base/clock.ts')
  const { createStore } = await import('../store/create-store.ts')
  const { FAULT_TEXTS } = await import('../store/fault-texts.ts')
  const log = pino({ level: 'silent' })
  const store = await createStore({ target, isAlone: false, userPoolId: () => null, clock: systemClock, log })
  for (let left = OPENING_POLLS; left > 0 && store.fault === 'OPENING'; left--) await sleep(OPENING_POLL_MS)
  const { fault } = store
  if (fault === null) return store
  await store.close()
  throw new ConfigError([FAULT_TEXTS[fault === 'OPENING' ? 'UNREACHABLE' : fault]])
}

/** Returns any other error as it is. */
function toConfigError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError)
    return new ConfigError([
      `STORE_URL: the store cannot be used (${error.fault}): docs/store.md says what to do`,
    ])
  if (!(error instanceof Error)) return error
  if (error.name === 'NoJournalError') return new ConfigError([`history-index: ${error.message}`])
  return 'syscall' in error ? new ConfigError([`history-index: the journal ${toReadFault(error)}`]) : error
}
