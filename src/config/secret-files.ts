import { readTextFile } from '../base/read-text-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Each of them may be given as a file instead: `NAME_FILE`. A key's id goes with it, since the two change together. */
export const SECRET_VARIABLES = [
  'GENAUTH_ACCESS_KEY_ID',
  'GENAUTH_ACCESS_KEY_SECRET',
  'AUDIT_KEY',
  'REDIS_URL',
] as const

export type SecretVariable = (typeof SECRET_VARIABLES)[number]

export interface ReadSecrets {
  /** The environment with what the files hold, as if it had been given in it. */
  readonly env: Environment
  /** The secrets that come from files. */
  readonly fromFiles: readonly SecretVariable[]
}

/** Far above any secret: whoever named a log file by mistake is told so. */
const MAX_SECRET_BYTES = 16_384
/** Whoever replaces files has done so by then. */
const MAX_READINGS = 4

/**
 * Puts what `NAME_FILE` holds in the place of `NAME`, without a byte order mark before it and line ends after it.
 * Files that change together, as a mounted Kubernetes secret does, are never taken half from before and half from
 * after: they are read until two readings agree. What is wrong is added to `faults` by the variable's name, never with a path or a content.
 */
export function readSecrets(env: Environment, faults: string[]): ReadSecrets {
  const fromFiles = SECRET_VARIABLES.filter(name => env[`${name}_FILE`])
  const faultsFound: string[] = []
  let values = readAll(env, fromFiles, faultsFound)
  for (let readings = 2; faultsFound.length === 0; readings++) {
    const before = values
    values = readAll(env, fromFiles, faultsFound)
    if (fromFiles.every(name => values[name] === before[name])) break
    if (readings === MAX_READINGS)
      faultsFound.push(`${fromFiles.join(', ')}: their files change all the time`)
  }
  for (const name of fromFiles) {
    if (env[name]) faultsFound.unshift(`${name}_FILE: not together with ${name}`)
  }
  faults.push(...new Set(faultsFound))
  return { env: { ...env, ...values }, fromFiles }
}

function readAll(
  env: Environment,
  names: readonly SecretVariable[],
  faults: string[],
): Partial<Record<SecretVariable, string>> {
  const values: Partial<Record<SecretVariable, string>> = {}
  for (const name of names) {
    const read = readSecretFile(env[`${name}_FILE`] ?? '')
    if ('fault' in read) faults.push(`${name}_FILE: ${read.fault}`)
    else values[name] = read.text
  }
  return values
}

/** Line ends at the end are no part of a secret. */
function readSecretFile(path: string): ReturnType<typeof readTextFile> {
  const read = readTextFile(path, MAX_SECRET_BYTES)
  if ('fault' in read) return read
  const text = read.text.replace(/[\r\n]+$/, '')
  return text === '' ? { fault: 'must not be empty' } : { text }
}
