import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CASE_NAMES, type CaseName } from './cases.ts'
import type { Extent } from './harness/load.ts'
import type { OtherBuild } from './subject.ts'
import { COMPARED_NAMES, SUBJECT_NAMES, type SubjectName } from './subjects.ts'

const PART_NAMES = [
  'duties',
  'table',
  'latency',
  'one-user',
  'start',
  'documents',
  'sweeps',
  'profile',
  'allocations',
  'memory',
  'removals',
  'take-away',
] as const

/** These are measured only when named. One needs the rights of root, one takes as long as all, and one checks that one. */
const NAMED_PARTS: readonly PartName[] = ['memory', 'removals', 'take-away']

const USUAL_PARTS = PART_NAMES.filter(name => !NAMED_PARTS.includes(name))

export type PartName = (typeof PART_NAMES)[number]

export interface Options {
  readonly parts: readonly PartName[]
  readonly cases: readonly CaseName[]
  /** The proxy, which is the unit, is always among them. */
  readonly subjects: readonly SubjectName[]
  /** Versions or paths of the Nodes that run the subjects. `null` stands for the one that runs the harness. */
  readonly nodes: readonly (string | null)[]
  /** How often everything is measured, each time with fresh processes. */
  readonly runs: number
  readonly other: OtherBuild
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
  --node VERSIONS       of the Nodes that run the subjects, as 20,24,26, or paths; this one unless given
  --runs NUMBER         of everything, with fresh processes each time; 1 unless given
  --other PATH          the main.js of another build: subject server-other; this build unless given
  --other-env NAME=VALUE,NAME=VALUE   variables of server-other
  --connections NUMBER  of the load, fewer for lists; 64 unless given
  --rounds NUMBER       each subject's turns for each case; 8 unless given
  --round-ms NUMBER     length of a turn; 400 unless given
  --warm-up NUMBER      answers before the first turn; 20000 unless given

Names are separated by commas. Unless given: all cases, all parts but memory, removals and take-away, and all subjects but the last three.
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
      node: text,
      runs: text,
      other: text,
      'other-env': text,
      connections: text,
      rounds: text,
      'round-ms': text,
      'warm-up': text,
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const { quick } = values
  const hasOther = values.other !== undefined || values['other-env'] !== undefined
  const compared = hasOther ? [...COMPARED_NAMES, 'server-other' as const] : COMPARED_NAMES
  const subjects = values.subject === undefined ? compared : toNames(values.subject, SUBJECT_NAMES)
  const roundMs = toNumber(values['round-ms'], quick ? 200 : 400)
  return {
    parts: values.part === undefined ? USUAL_PARTS : toNames(values.part, PART_NAMES),
    cases: values.case === undefined ? CASE_NAMES : toNames(values.case, CASE_NAMES),
    subjects: subjects.includes('proxy') ? subjects : ['proxy', ...subjects],
    nodes: values.node?.split(',') ?? [null],
    runs: toNumber(values.runs, 1),
    other: {
      script: values.other === undefined ? null : resolve(values.other),
      env: toEnv(values['other-env']),
    },
    connections: toNumber(values.connections, 64),
    rounds: toNumber(values.rounds, quick ? 4 : 8),
    round: { durationMs: roundMs, answers: 200 },
    warmUp: { durationMs: roundMs, answers: toNumber(values['warm-up'], quick ? 5_000 : 20_000) },
    isQuick: quick,
  }
}

function toNames<T extends string>(list: string, known: readonly T[]): readonly T[] {
  return list.split(',').map(name => {
    const found = known.find(other => other === name)
    if (found === undefined) throw new Error(`There is no ${name}: choose of ${known.join(', ')}.`)
    return found
  })
}

/** A value may hold `=`, and no comma. */
function toEnv(list: string | undefined): Readonly<Record<string, string>> {
  if (list === undefined) return {}
  return Object.fromEntries(
    list.split(',').map(pair => {
      const [name = '', ...value] = pair.split('=')
      if (name === '' || value.length === 0) throw new Error(`${pair} is not NAME=VALUE.`)
      return [name, value.join('=')]
    }),
  )
}

function toNumber(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is no number from 1 to 999999.`)
  return Number(text)
}
