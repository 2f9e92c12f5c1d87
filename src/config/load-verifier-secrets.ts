import type { StoreTarget } from '../store/store-target.ts'
import { Environment } from './environment.ts'
import { SECRET_VARIABLES } from './secret-files.ts'
import { VARIABLES } from './variables.ts'

/** The secrets that a journal is verified with. */
export interface VerifierSecrets {
  readonly auditKeys: readonly string[]
  readonly accessKeySecret: string | null
  /** The store that may hold the journal. `null` if none is named. */
  readonly store: StoreTarget | null
}

/**
 * Reads the secrets. Other variables may be missing or have faults.
 *
 * @throws ConfigError
 */
export function loadVerifierSecrets(given: Readonly<Record<string, string | undefined>>): VerifierSecrets {
  const env = new Environment(given)
  const values = env.read(VARIABLES)
  env.throwFaults(fault => SECRET_VARIABLES.some(name => fault.startsWith(name)))
  return {
    auditKeys: values.AUDIT_KEY ?? [],
    accessKeySecret: values.GENAUTH_ACCESS_KEY_SECRET,
    store: values.STORE_URL,
  }
}
