import { createHmac, type KeyObject } from 'node:crypto'
import { escapeInvisible, toAsciiJson } from '../base/invisible.ts'
import type { RecordDraft } from './records/journal-record.ts'

/** The last record of a chain so far. */
export interface ChainPosition {
  readonly seq: number
  readonly hash: string
}

/** The position before the first record. */
export const CHAIN_START: ChainPosition = { seq: 0, hash: '0'.repeat(64) }

/**
 * Chains a record to the one before. `line` is canonical JSON without its line end. Invisible characters are escaped,
 * because people print a journal.
 */
export function chainRecord(
  key: KeyObject,
  after: ChainPosition,
  draft: RecordDraft,
  run: string,
): { readonly line: string; readonly position: ChainPosition } {
  const seq = after.seq + 1
  const { beforeHash, afterHash } = orders.get(toShape(draft)) ?? learnOrder(draft)
  const place = { run, seq, prevHash: after.hash }
  const head = toMembers(draft, place, beforeHash)
  const tail = toMembers(draft, place, afterHash)
  const comma = head === '' ? '' : ','
  const hash = signCanonicalJson(key, `{${head}${comma}${tail}}`)
  return { line: `{${head}${comma}"hash":"${hash}",${tail}}`, position: { seq, hash } }
}

type Members = Readonly<Record<string, unknown>>

/** Returns the named members of a record as canonical JSON without the braces around it. */
function toMembers(draft: Members, place: Members, names: readonly string[]): string {
  const members: Record<string, unknown> = {}
  for (const name of names) members[name] = place[name] ?? draft[name]
  return escapeInvisible(toCanonicalJson(members)).slice(1, -1)
}

/** The names of a record's members in canonical order, on either side of its hash. */
interface Order {
  readonly beforeHash: readonly string[]
  readonly afterHash: readonly string[]
}

type Shape = RecordDraft['kind'] | 'intent with revertOf'

const orders = new Map<Shape, Order>()

/** All records of a shape have the same members. */
function toShape(draft: RecordDraft): Shape {
  return draft.kind === 'intent' && draft.revertOf !== undefined ? 'intent with revertOf' : draft.kind
}

function learnOrder(draft: RecordDraft): Order {
  const names = [...Object.keys(draft), 'run', 'seq', 'prevHash'].sort(byCodeUnits)
  const order = {
    beforeHash: names.filter(name => name < 'hash'),
    afterHash: names.filter(name => name > 'hash'),
  }
  orders.set(toShape(draft), order)
  return order
}

/** Signs with a key, so that nobody who can write to the file but has no key can repair the chain after a change. */
export function signCanonicalJson(key: KeyObject, canonicalJson: string): string {
  return createHmac('sha256', key).update(canonicalJson).digest('hex')
}

/**
 * Returns JSON with the keys of every object in the order of their code units, and without white space. An object that
 * is already in that order is not sorted again.
 */
export function toCanonicalJson(value: unknown): string {
  return isInOrder(value) ? JSON.stringify(value) : JSON.stringify(toOrdered(value))
}

/**
 * Returns `true` if a text is canonical JSON of the value that it was parsed to. Any character beyond ASCII may be
 * escaped. Versions before 0.2 escaped none, and the version of Unicode decides which of them are invisible.
 */
export function isCanonicalJson(text: string, parsed: unknown): boolean {
  const canonical = toCanonicalJson(parsed)
  return canonical === text || toAsciiJson(canonical) === toAsciiJson(text)
}

function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  const members = value as Readonly<Record<string, unknown>>
  let before = ''
  for (const name in members) {
    if (name < before || !isInOrder(members[name])) return false
    before = name
  }
  return true
}

function toOrdered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toOrdered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => byCodeUnits(a, b))
  return Object.fromEntries(entries.map(([name, member]) => [name, toOrdered(member)]))
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1
}
