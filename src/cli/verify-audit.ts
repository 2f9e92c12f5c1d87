import { toReadFault } from '../base/read-text-file.ts'
import { ConfigError } from '../config/config-error.ts'
import { loadVerifierSecrets, type VerifierSecrets } from '../config/load-verifier-secrets.ts'
import type { AuditKeyring } from '../journal/audit-key.ts'
import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

/** The result of a verification, for people. */
interface Verified {
  readonly lines: readonly string[]
  readonly isInOrder: boolean
}

/**
 * Verifies a journal. Exit code 0 means that the chain is in order, or all chains of the store. Exit code 1 means that
 * one is not, or that the journal cannot be read.
 */
export const verifyAudit: RunCommand = async ({ program, operands: [target = ''], options }) => {
  const { toAuditKeyring } = await import('../journal/audit-key.ts')
  const { SANDBOX_ACCESS_KEY_SECRET } = await import('../sandbox/sandbox.ts')
  const { auditKeys, accessKeySecret, store } = loadVerifierSecrets(program.env)
  const ring = toAuditKeyring({ auditKeys, accessKeySecret: accessKeySecret ?? SANDBOX_ACCESS_KEY_SECRET })
  const { lines, isInOrder } = options.has('store')
    ? await verifyInStore(store, ring)
    : await verifyFiles(target, ring)
  await printAll(program, `${lines.join('\n')}\n`)
  return isInOrder ? 0 : 1
}

async function verifyFiles(target: string, ring: AuditKeyring): Promise<Verified> {
  const { describeVerification } = await import('../journal/verify/describe-verification.ts')
  const { verifyJournal } = await import('../journal/verify/verify-journal.ts')
  const result = await verifyJournal(target, ring).catch(error => {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new ConfigError([`audit-verify: the journal ${toReadFault(error)}`])
  })
  return { lines: describeVerification(result), isInOrder: result.firstBreak === null }
}

async function verifyInStore(store: VerifierSecrets['store'], ring: AuditKeyring): Promise<Verified> {
  const { readChainStore } = await import('../store/journal/read-chain-store.ts')
  const { describeChains } = await import('../journal/store/describe-chains.ts')
  const { verifyChains } = await import('../journal/store/verify-chains.ts')
  const { StoreUnavailableError } = await import('../base/store-unavailable-error.ts')
  if (store === null) throw new ConfigError(['STORE_URL: required to verify the journal in a store'])
  try {
    await using opened = await readChainStore(store)
    const verified = await verifyChains(opened.chains, ring)
    return {
      lines: describeChains(verified),
      isInOrder: verified.every(({ firstBreak }) => firstBreak === null),
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new ConfigError([`STORE_URL: the store ${toReadFault(error)}`])
    if (!(error instanceof StoreUnavailableError)) throw error
    throw new ConfigError([
      `STORE_URL: the store cannot be read (${error.fault}): docs/store.md says what to do`,
    ])
  }
}
