import { z } from 'zod'
import { type ChainPosition, isCanonicalJson } from '../chain.ts'
import { journalRecord } from '../records/journal-record.ts'

const [NUL, QUOTE, COMMA, BACKSLASH] = [0x00, 0x22, 0x2c, 0x5c]
const OPENING = [0x7b, 0x5b]
const CLOSING = [0x7d, 0x5d]

/** The complete part of a record that ends too early. */
interface Torn {
  /** The complete members, as canonical JSON. */
  readonly members: string
  /** The text after the last comma. `null` if only the line end is missing. */
  readonly rest: string | null
}

/** The members of each kind of record in the order in which they are written, with each choice of optional ones. */
const KINDS = journalRecord.options.flatMap(({ shape }) => {
  const kind = shape.kind.value
  const schema = z.strictObject(shape).partial()
  const optional = Object.entries(shape)
    .filter(([, member]) => member.safeParse(undefined).success)
    .map(([name]) => name)
  return toChoices(optional).map(left => {
    const names = Object.keys(shape).filter(name => !left.includes(name))
    return { kind, names: names.sort(), schema }
  })
})

/** Returns each list that is made by leaving names out. */
function toChoices([name, ...others]: readonly string[]): readonly (readonly string[])[] {
  if (name === undefined) return [[]]
  return toChoices(others).flatMap(choice => [choice, [name, ...choice]])
}

/** Before the first record of a chain nothing vouches for the next text. A shorter one could belong to anybody. */
const MIN_FIRST_BYTES = '{"cutBy'.length
/** The first record of a chain goes on like this. */
const FIRST_MEMBER = /^"cutBytes":\d*$/

/**
 * Returns `true` if a line without a line end is the remains of a record at this place of the chain after a crash. Any
 * other line belongs to somebody else and must not be cut off.
 *
 * A disk that lost power may have kept the length but not the bytes. NULs at the end therefore count as missing bytes.
 */
export function isTornRecord(bytes: Buffer, last: ChainPosition): boolean {
  const written = withoutNulsAtEnd(bytes)
  if (written.length === 0) return last.seq > 0
  const torn = findTorn(written)
  if (torn === null || (last.seq === 0 && written.length < MIN_FIRST_BYTES)) return false
  try {
    const found: unknown = JSON.parse(torn.members)
    return isCanonicalJson(torn.members, found) && fitsAKind(found, torn.rest, last)
  } catch {
    return false
  }
}

function fitsAKind(members: unknown, rest: string | null, last: ChainPosition): boolean {
  return KINDS.some(({ kind, names, schema }) => {
    const parsed = schema.safeParse(members)
    if (!parsed.success) return false
    const { seq = last.seq + 1, prevHash = last.hash } = parsed.data
    if (seq !== last.seq + 1 || prevHash !== last.hash) return false
    const found = Object.keys(parsed.data).sort()
    if (last.seq === 0 && kind !== 'opened') return false
    if (found.some((name, index) => name !== names[index])) return false
    const next = names[found.length]
    if (rest === null || next === undefined) return rest === null && next === undefined
    const lead = `"${next}":`
    if (lead.startsWith(rest)) return true
    return last.seq === 0 && found.length === 0 ? FIRST_MEMBER.test(rest) : rest.startsWith(lead)
  })
}

function withoutNulsAtEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === NUL) end--
  return bytes.subarray(0, end)
}

/**
 * Returns `null` if the bytes do not begin as an object. Quotes and brackets are never part of a longer UTF-8
 * character.
 */
function findTorn(bytes: Buffer): Torn | null {
  let [depth, membersEnd, isInText] = [0, 0, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? NUL
    if (isInText) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isInText = false
    } else if (byte === QUOTE) isInText = true
    else if (OPENING.includes(byte)) depth++
    else if (CLOSING.includes(byte)) depth--
    else if (byte === COMMA && depth === 1) membersEnd = at
    if (depth === 0) {
      const isWhole = at > 0 && at === bytes.length - 1
      return isWhole ? { members: bytes.toString(), rest: null } : null
    }
  }
  const members = membersEnd === 0 ? '{}' : `${bytes.toString('utf8', 0, membersEnd)}}`
  return { members, rest: bytes.toString('utf8', membersEnd === 0 ? 1 : membersEnd + 1) }
}
