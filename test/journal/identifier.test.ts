import { createSecretKey } from 'node:crypto'
import { expect, it } from 'vitest'
import { type AuditKeys, toAuditKeyring } from '../../src/journal/audit-key.ts'
import { hashIdentifier, openIdentifier, sealIdentifier } from '../../src/journal/identifier.ts'
import { USER_ID_TYPES } from '../../src/mfa/user-ref.ts'

const [keys] = toAuditKeyring({ auditKeys: ['a'], accessKeySecret: 's' })
const INTENT = '00000000-0000-4000-8000-000000000001'

it.each(USER_ID_TYPES)('a sealed identifier of type %s opens with the key, whatever is in it', userIdType => {
  for (const userId of ['x', 'extIdpId:a b:c', '山田 \u{1f511}', 'x'.repeat(512)]) {
    const user = { userId, userIdType }
    expect(openIdentifier(keys.seal, sealIdentifier(keys.seal, user, INTENT), INTENT)).toEqual(user)
  }
})

it('a sealed identifier opens with no other key, for no other intent, and not with a bit changed or missing', () => {
  const sealed = sealIdentifier(keys.seal, { userId: 'someone', userIdType: 'USERNAME' }, INTENT)
  expect(() => openIdentifier(keys.idHash, sealed, INTENT)).toThrow()
  expect(() => openIdentifier(keys.seal, sealed, INTENT.replace('1', '2'))).toThrow()
  expect(() => openIdentifier(keys.seal, sealed.slice(4), INTENT)).toThrow()
  expect(() => openIdentifier(keys.seal, '', INTENT)).toThrow()
  const bytes = Buffer.from(sealed, 'base64url')
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => openIdentifier(keys.seal, changed.toString('base64url'), INTENT)).toThrow()
  }
})

it('a seal shows nothing of what it had in common with another', () => {
  const user = { userId: 'someone', userIdType: 'USERNAME' } as const
  const seals = Array.from({ length: 100 }, () => sealIdentifier(keys.seal, user, INTENT))
  for (const end of [16, 28]) {
    expect(new Set(seals.map(sealed => sealed.slice(end - 12, end))).size).toBe(100)
  }
})

const toBytes = ({ idHash, seal, chain, reason }: AuditKeys) =>
  [idHash, seal, chain, reason].map(key => key.export())

it('each use has a key of its own, and each secret too', () => {
  const others = [
    toAuditKeyring({ auditKeys: ['b'], accessKeySecret: 's' }),
    toAuditKeyring({ auditKeys: [], accessKeySecret: 's' }),
  ]
  const all = [keys, ...others.flat()].flatMap(toBytes)
  expect(new Set(all.map(bytes => bytes.toString('hex'))).size).toBe(12)
  expect(all.every(bytes => bytes.length === 32)).toBe(true)
})

it('the key is the access key’s secret as long as there is none, and that secret when it is given as one', () => {
  const derived = toAuditKeyring({ auditKeys: [], accessKeySecret: 'old' })
  const given = toAuditKeyring({ auditKeys: ['old'], accessKeySecret: 'new' })
  expect(given.map(({ id }) => id)).toEqual(derived.map(({ id }) => id))
  expect(given.flatMap(toBytes)).toEqual(derived.flatMap(toBytes))
  expect(JSON.stringify(derived)).not.toContain('old')
  expect(derived.flatMap(toBytes).some(bytes => bytes.includes('old'))).toBe(false)
})

it('the hash of an identifier is the same for good', () => {
  expect(
    hashIdentifier(createSecretKey(Buffer.alloc(32)), { userId: 'u', userIdType: 'USERNAME' }),
  ).toMatchInlineSnapshot(`"d10554274baac6067fe3fa872838d2efa8940f927d954761bea9ab3b732100b6"`)
})
