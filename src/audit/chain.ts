import { createHmac } from 'node:crypto'
import type { RecordDraft } from './records.ts'

/** The last record of a chain so far. */
export interface ChainPosition {
  readonly seq: number
  readonly hash: string
}

/** Before the first record. */
export const CHAIN_START: ChainPosition = { seq: 0, hash: '0'.repeat(64) }

/** Gives a record its place behind another; `line` is without its line end. */
export function chainRecord(
  key: Buffer,
  after: ChainPosition,
  draft: RecordDraft & { readonly run: string },
): { readonly line: string; readonly position: ChainPosition } {
  const seq = after.seq + 1
  const placed = { ...draft, seq, prevHash: after.hash }
  const hash = hashRecord(key, placed)
  return { line: toCanonicalJson({ ...placed, hash }), position: { seq, hash } }
}

/** Keyed, so that whoever can write to the file but has no key cannot mend the chain behind a change. */
export function hashRecord(key: Buffer, recordWithoutHash: object): string {
  return createHmac('sha256', key).update(toCanonicalJson(recordWithoutHash)).digest('hex')
}

/** JSON with the keys of every object in order of their code units and no white space. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${toCanonicalJson(member)}`)
  return `{${members.join(',')}}`
}
