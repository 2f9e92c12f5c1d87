import { createHmac, hkdfSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { toMfaBasis } from '../../src/mfa/diff.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'
import { createRevisions } from '../../src/mfa/revision.ts'

const STATE = { ...EMPTY_MFA_STATE, mfaPhone: '1', factors: [{ code: 'SMS', enabled: true, sort: 0 }] }
const OTHER = { ...STATE, mfaPhone: '2' }

/** As version 0.1 has it. */
function toFormer(secret: string, state: typeof STATE): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'genauth-graphql revision', 32))
  const digest = createHmac('sha256', key)
    .update(JSON.stringify(toMfaBasis(state)))
    .digest()
  return `r1.${digest.subarray(0, 16).toString('base64url')}`
}

it('a revision of version 0.1 fits in the journal, and none that a caller gives', () => {
  const { isRevisionOf, isRecordedRevisionOf } = createRevisions(['new', 'old'])
  for (const secret of ['new', 'old']) {
    expect(isRecordedRevisionOf(toFormer(secret, STATE), 'u', STATE)).toBe(true)
    expect(isRecordedRevisionOf(toFormer(secret, STATE), 'u', OTHER)).toBe(false)
    expect(isRevisionOf(toFormer(secret, STATE), 'u', STATE)).toBe(false)
  }
})

it('a revision fits its user and its state alone, under each key', () => {
  const { toRevision } = createRevisions(['old'])
  const { isRevisionOf, isRecordedRevisionOf, toRevision: toNext } = createRevisions(['new', 'old'])
  for (const revision of [toRevision('u', STATE), toNext('u', STATE)]) {
    for (const fits of [isRevisionOf, isRecordedRevisionOf]) {
      expect(fits(revision, 'u', STATE)).toBe(true)
      expect(fits(revision, 'v', STATE)).toBe(false)
      expect(fits(revision, 'u', OTHER)).toBe(false)
    }
  }
})
