import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** Reads the files of secrets again. `null`: what they hold cannot be used, and nothing changes. */
export type RereadSecrets = () => Secrets | null

export type Secrets = Pick<Config, 'journal'> & { readonly access: Config['genauth']['access'] }

/**
 * Judges what the files hold now as strictly as at the start: a fault is logged by the variable's name, and the
 * secrets from before stay in use.
 *
 * @param loadConfig as at the start, from the same environment
 */
export function createRereadSecrets(loadConfig: () => Config, log: Logger): RereadSecrets {
  return () => {
    try {
      const { genauth, journal } = loadConfig()
      return { access: genauth.access, journal }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      log.error({ faults: error.faults }, 'secrets cannot be read again: going on with those from before')
      return null
    }
  }
}
