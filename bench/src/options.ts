import { parseArgs } from 'node:util'
import { CASE_NAMES, type CaseName } from './cases.ts'
import type { Extent } from './harness/load.ts'
import { COMPARED_NAMES, SUBJECT_NAMES, type SubjectName } from './subjects.ts'

const PART_NAMES = ['table', 'latency', 'start', 'documents', 'sweeps', 'profile'] as const

export type PartName = (typeof PART_NAMES)[number]

export interface Options {
  readonly parts: readonly PartName[]
  readonly cases: readonly CaseName[]
  /** The proxy, which is the unit, is always among them. */
  readonly subjects: readonly SubjectName[]
  readonly connections: number
  readonly rounds: number
  /** One round of a subject. */
  readonly round: Extent
  /** The warm-up before the first round. The compilers need requests, not time. */
  readonly warmUp: Extent
  /** `true` to take fewer of the parts without rounds: documents, starts, records of a journal. */
  readonly isQuick: boolean
}

export const USAGE = `Usage: npm run bench -- [options]

  --quick               a third of the time, with more noise
  --part NAMES          of ${PART_NAMES.join(', ')}
  --case NAMES          of ${CASE_NAMES.join(', ')}
  --subject NAMES       of ${SUBJECT_NAMES.join(', ')}
  --connections NUMBER  of the load, fewer for lists; 64 unless given
  --rounds NUMBER       each subject's turns for each case; 8 unless given
  --round-ms NUMBER     length of a turn; 400 unless given

Names are separated by commas; all unless given.
`

/**
 * Returns the options, or `null` if only the usage is wanted.
 *
 * @throws with a message for the command line
 */
export function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      part: text,
      case: text,
      subject: text,
      connections: text,
      rounds: text,
      'round-ms': text,
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const { quick } = values
  const subjects = values.subject === undefined ? COMPARED_NAMES : toNames(values.subject, SUBJECT_NAMES)
  const roundMs = toNumber(values['round-ms'], quick ? 200 : 400)
  return {
    parts: toNames(values.part, PART_NAMES),
    cases: toNames(values.case, CASE_NAMES),
    subjects: subjects.includes('proxy') ? subjects : ['proxy', ...subjects],
    connections: toNumber(values.connections, 64),
    rounds: toNumber(values.rounds, quick ? 4 : 8),
    round: { durationMs: roundMs, answers: 200 },
    warmUp: { durationMs: roundMs, answers: quick ? 2_000 : 5_000 },
    isQuick: quick,
  }
}

function toNames<T extends string>(list: string | undefined, known: readonly T[]): readonly T[] {
  if (list === undefined) return known
  return list.split(',').map(name => {
    const found = known.find(other => other === name)
    if (found === undefined) throw new Error(`There is no ${name}: choose of ${known.join(', ')}.`)
    return found
  })
}

function toNumber(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is no number from 1 to 999999.`)
  return Number(text)
}
