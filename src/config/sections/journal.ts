import { z } from 'zod'
import type { Environment } from '../environment.ts'
import { wholeNumber, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

const KEY_RULE = 'must have at least 16 characters in each line'

export const JOURNAL_VARIABLES = {
  AUDIT_LOG: variable(
    'Journal of every write: a file, stdout, or store: in the database of STORE_URL, where any replica concludes what a dead one left. Required in production. Unset elsewhere: stdout.',
    null,
    // A single word most likely means something else (`STDOUT`, `stderr`, `-`, `none`), and would become a
    // file.
    z
      .string()
      .regex(
        /^(stdout|store|(?!\s)(?=.*[./]).*\S)$/s,
        'must be stdout, store, or the path of a file with a slash or a dot in it',
      ),
  ),
  AUDIT_SEGMENT_BYTES: variable(
    'Size at which the file of AUDIT_LOG is sealed and another begins, or a segment in the store. A start reads one of them, about 40 MB a second.',
    '16777216',
    wholeNumber(65_536, 1_073_741_824),
  ),
  AUDIT_KEY: variable(
    "Secret that keys the journal and revisions, at least 16 characters. Former ones stand in lines below it. Unset: the access key's secret.",
    null,
    auditKeys(),
  ),
  AUDIT_KEY_FILE: variable('File that holds it, in its place. Read again on SIGHUP.', null, word),
}

export interface JournalSettings {
  /** A path, `stdout` or `store`. */
  readonly log: string
  /** `true` if a stdout that keeps nothing is a fault. Otherwise it is a warning. */
  readonly mustBeKept: boolean
  /** A file that reaches this many bytes is sealed, and a new one begins. */
  readonly segmentBytes: number
  /** The current key, then former ones. If the list is empty, the access key's secret stands in for it. */
  readonly keys: readonly string[]
}

/** @param hasStore `false` if nothing is kept */
export function readJournal(env: Environment, { isProduction }: Mode, hasStore: boolean): JournalSettings {
  const values = env.read(JOURNAL_VARIABLES)
  if (isProduction && values.AUDIT_LOG === null && env.isSound('AUDIT_LOG')) {
    env.refuse('AUDIT_LOG', 'required in production, a file, stdout or store')
  }
  if (values.AUDIT_LOG === 'store' && !hasStore && !env.isGiven('STORE_URL')) {
    env.refuse('AUDIT_LOG', 'store needs STORE_URL')
  }
  // Otherwise the journal would lose its key when the access key changes.
  const isKeyFromFile = env.secretsFromFiles.some(name => name.startsWith('GENAUTH_ACCESS_KEY'))
  if (isKeyFromFile && !env.isGiven('AUDIT_KEY')) {
    env.refuse('AUDIT_KEY', 'required with an access key from files, or AUDIT_KEY_FILE')
  }
  return {
    log: values.AUDIT_LOG ?? 'stdout',
    mustBeKept: isProduction,
    segmentBytes: values.AUDIT_SEGMENT_BYTES,
    keys: values.AUDIT_KEY ?? [],
  }
}

/** The current key comes first. Empty lines do not count. */
function auditKeys(): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform(text => text.split(/[\r\n]+/).filter(line => line !== ''))
    .pipe(z.array(z.string().min(16, KEY_RULE)).min(1, KEY_RULE))
}
