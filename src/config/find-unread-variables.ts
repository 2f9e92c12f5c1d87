import { VARIABLES } from './variables.ts'

/** A variable that looks like one of ours but is not read. */
export interface UnreadVariable {
  readonly name: string
  /** The similar variable that may be meant, or `null` if none is similar. */
  readonly nearest: string | null
}

const NAMES = Object.keys(VARIABLES)
/** Prefixes of OpenTelemetry, Node and the shell. This program reads only some of those variables. */
const SHARED_PREFIXES = new Set(['OTEL_', 'NODE_'])
/** Prefixes that several of our variables share. A variable with such a prefix is meant for this program. */
const OWN_PREFIXES = findOwnPrefixes()
/** Kubernetes sets such variables for each Service, by the Service's name. */
const OF_A_SERVICE = /_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/
/** A shorter name of another program is similar only by chance. */
const MIN_LENGTH = 8
const MAX_DISTANCE = 2
const MAX_NAME_LENGTH = 100

/** Finds variables whose name may be misspelt. It does not read their values. */
export function findUnreadVariables(env: Readonly<Record<string, string | undefined>>): UnreadVariable[] {
  return Object.keys(env)
    .filter(name => !NAMES.includes(name) && name.length <= MAX_NAME_LENGTH && /^\w+$/.test(name))
    .filter(name => !OF_A_SERVICE.test(name))
    .map(name => ({ name, nearest: findNearest(name.toUpperCase()) }))
    .filter(({ name, nearest }) => nearest !== null || OWN_PREFIXES.has(toPrefix(name.toUpperCase())))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function findOwnPrefixes(): ReadonlySet<string> {
  const prefixes = NAMES.map(toPrefix)
  return new Set(
    prefixes.filter(
      (prefix, index) => prefix !== '' && !SHARED_PREFIXES.has(prefix) && prefixes.indexOf(prefix) !== index,
    ),
  )
}

function toPrefix(name: string): string {
  return name.slice(0, name.indexOf('_') + 1)
}

function findNearest(name: string): string | null {
  if (NAMES.includes(name)) return name
  const isOwn = OWN_PREFIXES.has(toPrefix(name))
  if (!isOwn && name.length < MIN_LENGTH) return null
  const near = NAMES.filter(known => known.length >= MIN_LENGTH && canBeNear(name, known))
    .map(known => ({ known, distance: toDistance(name, known) }))
    .sort((a, b) => a.distance - b.distance)
    .find(({ known, distance }) => distance <= MAX_DISTANCE || isPart(name, known))
  return near?.known ?? null
}

/** Names of very different lengths need no counting, which is dear for the many variables of a shell. */
function canBeNear(name: string, known: string): boolean {
  return Math.abs(name.length - known.length) <= MAX_DISTANCE || isPart(name, known)
}

/**
 * Recognizes a part of a name, for example `SHUTDOWN_DELAY` of `SHUTDOWN_DELAY_MS`, or `AUTH_SCOPE_CLAIMS_` the other
 * way round.
 */
function isPart(name: string, known: string): boolean {
  return known.startsWith(`${name}_`) && name.includes('_')
}

/** Counts the letters that must be inserted, removed, replaced, or swapped with the next one. */
function toDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(
        Math.min(
          at(rows, row - 1, column) + 1,
          (current[column - 1] ?? 0) + 1,
          at(rows, row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(rows, row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    rows.push(current)
  }
  return at(rows, from.length, to.length)
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? Number.POSITIVE_INFINITY
}
