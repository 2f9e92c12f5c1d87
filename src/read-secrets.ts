import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

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
 * Puts what `NAME_FILE` holds in the place of `NAME`, without the line ends after it. Files that change together,
 * as a mounted Kubernetes secret does, are never taken half from before and half from after: they are read until
 * two readings agree. What is wrong is added to `faults` by the variable's name, never with a path or a content.
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

/** What is no plain file is not read: a pipe would be waited for, and could not be read again. */
function readSecretFile(path: string): { readonly text: string } | { readonly fault: string } {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return { fault: 'cannot be read' }
  }
  try {
    if (!fstatSync(file).isFile()) return { fault: 'must be a plain file' }
    const bytes = Buffer.alloc(MAX_SECRET_BYTES + 1)
    const length = readSync(file, bytes)
    if (length > MAX_SECRET_BYTES) return { fault: `must have at most ${MAX_SECRET_BYTES} bytes` }
    const content = bytes.subarray(0, length)
    // Bytes that are no text would all become the same replacement, and a key of them weaker than it looks.
    if (!isUtf8(content)) return { fault: 'must be UTF-8 text' }
    const text = content.toString('utf8').replace(/[\r\n]+$/, '')
    return text === '' ? { fault: 'must not be empty' } : { text }
  } catch {
    return { fault: 'cannot be read' }
  } finally {
    closeSync(file)
  }
}
