import { readTextFile } from '../base/read-text-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Each of these variables may be given as a file instead, in `NAME_FILE`. A key's ID is in the list because it changes
 * together with the key.
 */
export const SECRET_VARIABLES = [
  'GENAUTH_ACCESS_KEY_ID',
  'GENAUTH_ACCESS_KEY_SECRET',
  'AUDIT_KEY',
  'REDIS_URL',
  'STORE_URL',
] as const

/** These may be files, too. The protected users are no secret, but change while the server runs. */
export const FILE_VARIABLES = [...SECRET_VARIABLES, 'PROTECTED_USERS'] as const

export type FileVariable = (typeof FILE_VARIABLES)[number]

export interface ReadSecrets {
  /** The environment, with the files' contents as if they had been set in it. */
  readonly env: Environment
  /** The secrets that come from files. */
  readonly fromFiles: readonly FileVariable[]
}

/** Far above any secret, so that a log file that is named by mistake is refused. */
const MAX_SECRET_BYTES = 16_384
/** After so many readings any replacement of files is over. */
const MAX_READINGS = 4

/**
 * Reads `NAME_FILE` into `NAME`, without a byte order mark at the start and line ends at the end. The result never
 * mixes old and new files that change together, as a mounted Kubernetes secret does. To that end the files are read
 * until two readings agree. A fault is added to `faults` by the variable's name, without a path or content.
 */
export function readSecrets(env: Environment, faults: string[]): ReadSecrets {
  const fromFiles = FILE_VARIABLES.filter(name => env[`${name}_FILE`])
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
  names: readonly FileVariable[],
  faults: string[],
): Partial<Record<FileVariable, string>> {
  const values: Partial<Record<FileVariable, string>> = {}
  for (const name of names) {
    const read = readSecretFile(env[`${name}_FILE`] ?? '')
    if ('fault' in read) faults.push(`${name}_FILE: ${read.fault}`)
    else values[name] = read.text
  }
  return values
}

/** Line ends at the end are not part of a secret. */
function readSecretFile(path: string): ReturnType<typeof readTextFile> {
  const read = readTextFile(path, MAX_SECRET_BYTES)
  if ('fault' in read) return read
  const text = read.text.replace(/[\r\n]+$/, '')
  return text === '' ? { fault: 'must not be empty' } : { text }
}
