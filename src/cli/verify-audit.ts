import { toReadFault } from '../base/read-text-file.ts'
import { ConfigError } from '../config/config-error.ts'
import { loadVerifierSecrets } from '../config/load-verifier-secrets.ts'
import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

/**
 * Verifies a journal. Exit code 0 means that the chain is in order. Exit code 1 means that it is not, or that the file
 * cannot be read.
 */
export const verifyAudit: RunCommand = async ({ program, operands: [target = ''] }) => {
  const { toAuditKeyring } = await import('../journal/audit-key.ts')
  const { describeVerification, verifyJournal } = await import('../journal/verify/verify-journal.ts')
  const { SANDBOX_ACCESS_KEY_SECRET } = await import('../sandbox/sandbox.ts')
  const { auditKeys, accessKeySecret } = loadVerifierSecrets(program.env)
  const ring = toAuditKeyring({ auditKeys, accessKeySecret: accessKeySecret ?? SANDBOX_ACCESS_KEY_SECRET })
  const result = await verifyJournal(target, ring).catch(error => {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new ConfigError([`audit-verify: the journal ${toReadFault(error)}`])
  })
  await printAll(program, `${describeVerification(result).join('\n')}\n`)
  return result.firstBreak === null ? 0 : 1
}
