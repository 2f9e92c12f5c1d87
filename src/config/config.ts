import type { GuardRails } from '../mfa/check-guard-rails.ts'
import type { ProtectionSettings } from '../mfa/protected-users.ts'
import type { ReplicaSettings } from '../replicas.ts'
import type { StoreTarget, TemporaryStoreTarget } from '../store/store-target.ts'
import type { TelemetrySettings } from '../telemetry/telemetry.ts'
import { Environment, type IgnoredVariable } from './environment.ts'
import type { FileVariable } from './secret-files.ts'
import { type AccessSection, readAccess } from './sections/access.ts'
import { type ConsoleSettings, readConsole } from './sections/console.ts'
import { type FederationSettings, readFederation } from './sections/federation.ts'
import { type GenAuthSection, readGenAuth } from './sections/genauth.ts'
import { readGuardRails } from './sections/guard-rails.ts'
import { type HistorySettings, readHistory } from './sections/history.ts'
import { type HttpSettings, readHttp } from './sections/http.ts'
import { type JournalSettings, readJournal } from './sections/journal.ts'
import { type LimitSettings, readLimits } from './sections/limits.ts'
import { type LogSettings, readLog } from './sections/log.ts'
import { readMode } from './sections/mode.ts'
import { readProtection } from './sections/protection.ts'
import { readRedis } from './sections/redis.ts'
import { readSandbox, type SandboxSettings } from './sections/sandbox.ts'
import { readScans, type ScanSettings } from './sections/scans.ts'
import { readStore } from './sections/store.ts'
import { readTelemetry } from './sections/telemetry.ts'
import { readTrustedDocuments, type TrustedDocumentSettings } from './sections/trusted-documents.ts'

/** Everything that a deployment chooses. */
export interface Config {
  readonly isProduction: boolean
  readonly server: HttpSettings
  readonly log: LogSettings
  readonly genauth: GenAuthSection
  readonly access: AccessSection
  /** `null` if the page for support desks is off. */
  readonly console: ConsoleSettings | null
  readonly guardRails: GuardRails
  /** The protected users. */
  readonly protection: ProtectionSettings
  readonly limits: LimitSettings
  readonly journal: JournalSettings
  readonly federation: FederationSettings
  readonly trustedDocuments: TrustedDocumentSettings
  readonly telemetry: TelemetrySettings
  /** `null` if this process shares nothing with others. */
  readonly redis: ReplicaSettings | null
  /** `null` if nothing is kept, and what needs a store is off. */
  readonly store: StoreTarget | TemporaryStoreTarget | null
  readonly scans: ScanSettings
  readonly history: HistorySettings
  readonly sandbox: SandboxSettings
  /** The secrets that come from files, which can be read again. */
  readonly secretsFromFiles: readonly FileVariable[]
  readonly ignoredVariables: readonly IgnoredVariable[]
}

/**
 * Reads a flat environment, and the files of secrets that it names. An empty variable counts as unset.
 *
 * @throws ConfigError with every fault found
 */
export function loadConfig(given: Readonly<Record<string, string | undefined>>): Config {
  const env = new Environment(given)
  const mode = readMode(env)
  const server = readHttp(env, mode)
  const log = readLog(env, mode)
  const genauth = readGenAuth(env, mode)
  const access = readAccess(env, mode, genauth.access !== null)
  const store = readStore(env, mode, genauth.access === null)
  const config = {
    isProduction: mode.isProduction,
    server,
    log,
    genauth,
    access,
    console: readConsole(env, mode, access),
    guardRails: readGuardRails(env, access),
    protection: readProtection(env),
    limits: readLimits(env),
    journal: readJournal(env, mode, store !== null),
    federation: readFederation(env, access.scopeNames),
    trustedDocuments: readTrustedDocuments(env),
    telemetry: readTelemetry(env),
    redis: readRedis(env, mode, server.requestDeadlineMs),
    store,
    scans: readScans(env, store !== null),
    history: readHistory(env),
    sandbox: readSandbox(env, mode),
    secretsFromFiles: env.secretsFromFiles,
    ignoredVariables: env.ignoredVariables,
  }
  env.throwFaults()
  return config
}
