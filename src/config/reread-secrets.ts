import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** Reads the files of secrets again. Returns `null` if their content cannot be used. Nothing changes then. */
export type RereadSecrets = () => Secrets | null

type Secrets = Pick<Config, 'journal' | 'protection'> & { readonly access: Config['genauth']['access'] }

/**
 * Judges the files' new content as strictly as at the start. A fault is logged by the variable's name, and the former
 * secrets stay in use.
 *
 * @param loadConfig loads the same environment as at the start
 * @returns `null` if no secret comes from a file
 */
export function createRereadSecrets(
  { secretsFromFiles }: Pick<Config, 'secretsFromFiles'>,
  loadConfig: () => Config,
  log: Logger,
): RereadSecrets | null {
  if (secretsFromFiles.length === 0) return null
  return () => {
    try {
      const { genauth, journal, protection } = loadConfig()
      return { access: genauth.access, journal, protection }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      log.error({ faults: error.faults }, 'secrets cannot be read again: the former ones stay in use')
      return null
    }
  }
}
