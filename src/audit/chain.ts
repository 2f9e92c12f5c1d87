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
  draft: RecordDraft,
  run: string,
): { readonly line: string; readonly position: ChainPosition } {
  const seq = after.seq + 1
  const members = toMembers(draft)
  members.push(toMember('run', run), toMember('seq', seq), toMember('prevHash', after.hash))
  const hash = sign(key, toObject(members))
  // Into its place: all else is written down already.
  members.push(toMember('hash', hash))
  return { line: toObject(members), position: { seq, hash } }
}

export function hashRecord(key: Buffer, recordWithoutHash: object): string {
  return sign(key, toCanonicalJson(recordWithoutHash))
}

/** Keyed, so that whoever can write to the file but has no key cannot mend the chain behind a change. */
function sign(key: Buffer, canonicalJson: string): string {
  return createHmac('sha256', key).update(canonicalJson).digest('hex')
}

/** JSON with the keys of every object in order of their code units and no white space. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`
  return typeof value === 'object' && value !== null ? toObject(toMembers(value)) : JSON.stringify(value)
}

interface Member {
  readonly key: string
  readonly text: string
}

function toMembers(object: object): Member[] {
  return Object.entries(object).map(([key, value]) => toMember(key, value))
}

function toMember(key: string, value: unknown): Member {
  return { key, text: `${JSON.stringify(key)}:${toCanonicalJson(value)}` }
}

/** Sorts the members in place. */
function toObject(members: Member[]): string {
  members.sort(byKey)
  let text = ''
  for (const member of members) text += text === '' ? member.text : `,${member.text}`
  return `{${text}}`
}

function byKey(a: Member, b: Member): number {
  return a.key < b.key ? -1 : 1
}
