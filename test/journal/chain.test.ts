import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeInvisible } from '../../src/base/invisible.ts'
import { CHAIN_START, chainRecord, signCanonicalJson, toCanonicalJson } from '../../src/journal/chain.ts'
import { toIntentDraft } from '../../src/journal/records/user-drafts.ts'
import { AUDIT_KEYS, intentOf } from '../support/journal.ts'
import { REASONS } from '../support/reasons.ts'

const KEY = createSecretKey(Buffer.from('key'))
const DRAFT = toIntentDraft(AUDIT_KEYS[0], intentOf(), 0)

/** Any text, with characters in it that cannot be seen, and halves of pairs. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...REASONS.map(([, reason]) => reason), '\ud83d', '\udc68', '\u202e', '\\u202e"'),
)

/** Each member by itself, in order of the names, with the hash in its place. */
function writeByMember(draft: object, run: string): string {
  const place = { run, seq: 1, prevHash: CHAIN_START.hash }
  const members = Object.entries({ ...draft, ...place }).map(([name, value]) => ({
    name,
    json: `"${name}":${escapeInvisible(toCanonicalJson(value))}`,
  }))
  const write = (all: typeof members) =>
    `{${all
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ json }) => json)
      .join(',')}}`
  const hash = signCanonicalJson(KEY, write(members))
  return write([...members, { name: 'hash', json: `"hash":"${hash}"` }])
}

it('writes a record as each of its members by itself is written, whatever the texts in it', () => {
  const changes = fc.record({ requestId: text, reason: fc.option(text), run: text, subject: text })
  fc.assert(
    fc.property(changes, ({ requestId, reason, run, subject }) => {
      const caller = { client: null, issuer: subject, subject }
      const draft = { ...DRAFT, requestId, reason, caller }
      expect(chainRecord(KEY, CHAIN_START, draft, run).line).toBe(writeByMember(draft, run))
    }),
  )
})

it('writes what an intent takes back beside intents that take nothing back, in any order', () => {
  const undo = { ...DRAFT, revertOf: '0b0e3c1e-6b0a-4d5e-9a3a-3f0f4d1f2a11' }
  for (const draft of [DRAFT, undo, DRAFT, undo]) {
    expect(chainRecord(KEY, CHAIN_START, draft, 'run').line).toBe(writeByMember(draft, 'run'))
  }
})

it('writes a record that has no member before its hash', () => {
  const draft = { kind: 'rekeyed', time: '2026-01-02T03:04:05.000Z', keyId: '0'.repeat(32) } as const
  expect(chainRecord(KEY, CHAIN_START, draft, 'run').line).toBe(writeByMember(draft, 'run'))
})
