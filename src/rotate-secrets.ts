import type { Logger } from 'pino'
import type { Authenticator } from './access/authenticator.ts'
import type { Config } from './config/config.ts'
import type { RereadSecrets } from './config/reread-secrets.ts'
import type { GenAuthClient } from './genauth/client.ts'
import { type AuditKeyring, type AuditKeySource, toAuditKeyring } from './journal/audit-key.ts'
import { type Journal, UnknownAuditKeyError } from './journal/journal.ts'
import type { ChangeSeal } from './live/change-seal.ts'
import { JournalUnavailableError } from './mfa/journal-port.ts'
import type { ProtectedUsers } from './mfa/protected-users.ts'
import { type Revisions, toRevisionSecrets } from './mfa/revision.ts'

export interface RotateSecretsOptions {
  /** `null` if no secret comes from a file. */
  readonly rereadSecrets: RereadSecrets | null
  readonly config: Pick<Config, 'secretsFromFiles'>
  /** The secret with which the process started. */
  readonly accessKeySecret: string
  readonly genauthClient: Pick<GenAuthClient, 'useKey'>
  readonly authenticator: Pick<Authenticator, 'reloadKeys'>
  readonly journal: Pick<Journal, 'useKeys'>
  readonly revisions: Pick<Revisions, 'useSecrets'>
  readonly changeSeal: Pick<ChangeSeal, 'useSecrets'>
  /** `null` if nothing is kept. */
  readonly history: { useKeys(ring: AuditKeyring): void } | null
  readonly protectedUsers: Pick<ProtectedUsers, 'useIds'>
  readonly log: Logger
}

/**
 * Returns the handler of SIGHUP. The client, the journal and the revisions continue with the secrets that the files
 * hold now, and the guard rails with the protected users. The authenticator continues with the issuer's current keys. If it keeps an old one, the log says why. It
 * never rejects.
 */
export function createRotateSecrets(options: RotateSecretsOptions): () => Promise<void> {
  const { authenticator, log } = options
  let rotating = Promise.resolve()

  async function reloadIssuerKeys(): Promise<void> {
    if (await authenticator.reloadKeys()) log.info('keys of the issuer read again')
    else log.warn('told to read the keys of the issuer again, but it gave none')
  }

  return async () => {
    // Rotations run one after another, so the last one wins.
    rotating = rotating.then(() => useFreshSecrets(options)).catch(error => log.error(...toKeptKey(error)))
    await Promise.all([rotating, reloadIssuerKeys()])
  }
}

async function useFreshSecrets(options: RotateSecretsOptions): Promise<void> {
  const {
    rereadSecrets,
    config,
    accessKeySecret,
    genauthClient,
    journal,
    revisions,
    changeSeal,
    history,
    protectedUsers,
    log,
  } = options
  if (rereadSecrets === null) {
    log.warn('told to read secrets again, but none comes from a file: nothing changes')
    return
  }
  const fresh = rereadSecrets()
  if (fresh === null) return
  protectedUsers.useIds(fresh.protection.userIds)
  if (fresh.access !== null) await genauthClient.useKey(fresh.access)
  const auditKeys = fresh.journal.keys
  // Without an audit key of its own, the journal keeps the key that it was opened with.
  if (auditKeys.length > 0) {
    const source: AuditKeySource = { auditKeys, accessKeySecret }
    const ring = toAuditKeyring(source)
    await journal.useKeys(ring)
    history?.useKeys(ring)
    revisions.useSecrets(toRevisionSecrets(source))
    changeSeal.useSecrets(toRevisionSecrets(source))
  }
  log.info({ from: config.secretsFromFiles }, 'secrets read again')
}

/** Returns the log line that says why the journal keeps its key. */
function toKeptKey(error: unknown): [object, string] {
  if (error instanceof UnknownAuditKeyError) {
    const text = 'AUDIT_KEY: the key in force must stand in a line below the new one; it stays in force'
    return [{}, text]
  }
  if (error instanceof JournalUnavailableError) {
    return [{}, 'AUDIT_KEY: the change cannot be recorded; the key from before stays in force']
  }
  return [{ err: error }, 'secrets could not be taken over']
}
