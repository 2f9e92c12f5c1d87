import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const USER = '65b000000000000000000001'
const ALAN = '65a000000000000000000003'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusPreview { contactChanges { field before after } changes { code } expectedRevision }
      ... on SetUserMfaStatusSuccess { applied contactChanges { field before after } userMfa { phone phoneCountryCode email factors { code enabled } } }
      ... on MfaError { code }
      ... on MfaInvalidInputError { fieldErrors { path message } }
      ... on MfaPolicyViolationError { rule }
    }
  }
`

describe('a contact', () => {
  it('is set alone, and the factors stay as they are', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const triggerDataOfCaller = { mfaPhone: '+1 202-555-0104', mfaEmail: 'new@example.com' }
    const { data } = await app.graphql(SET, { input: { userId: USER, triggerData: triggerDataOfCaller } })
    expect(data.setUserMfaStatus).toMatchObject({
      applied: true,
      userMfa: { phone: '****04', phoneCountryCode: '+1', email: 'n***@example.com' },
    })
    expect(genauth.seenOf('set-mfa-status').map(({ params }) => params.mfaTriggerData)).toEqual([
      {
        ...triggerData({ mfaPhone: '2025550104', mfaPhoneCountryCode: '+1', mfaEmail: 'new@example.com' }),
      },
    ])
  })

  it.each([
    ['with empty lists', { enable: [], disable: [], triggerData: { mfaPhone: null } }],
    ['with nulls', { factors: null, enable: null, triggerData: { mfaEmail: CANARY.email, nickname: 'n' } }],
    ['or a flag', { triggerData: { totpMfaEnabled: false } }],
    ['with a token', { triggerData: { mfaToken: CANARY.mfaToken, mfaPhoneCountryCode: '+44' } }],
  ])('is set alone, %s', async (_how, input) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const { data } = await app.graphql(SET, { input: { userId: USER, ...input } })
    expect(data.setUserMfaStatus).toMatchObject({ applied: true })
    const [write] = genauth.seenOf('set-mfa-status')
    expect(write?.params.mfaTriggerData.applicationMfa).toEqual(triggerData().applicationMfa)
  })

  it('is previewed, and the preview says what the change then does', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const input = { userId: USER, triggerData: { mfaPhone: '+1 202-555-0104', mfaEmail: CANARY.email } }
    const preview = (await app.graphql(SET, { input: { ...input, dryRun: true } })).data.setUserMfaStatus
    const contactChanges = [
      { field: 'PHONE', before: '139****5678', after: '****04' },
      { field: 'PHONE_COUNTRY_CODE', before: '+86', after: '+1' },
    ]
    expect(preview).toMatchObject({ __typename: 'SetUserMfaStatusPreview', changes: [], contactChanges })
    expect(genauth.seenOf('set-mfa-status')).toEqual([])

    const { expectedRevision } = preview
    const made = (await app.graphql(SET, { input: { ...input, expectedRevision } })).data.setUserMfaStatus
    expect(made).toMatchObject({ applied: true, contactChanges })
    const again = (await app.graphql(SET, { input: { ...input, expectedRevision } })).data.setUserMfaStatus
    expect(again).toMatchObject({ __typename: 'MfaRevisionConflictError' })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  })

  it('is set alone for a user who has no factor, which nobody has to mean', async () => {
    await using app = await startApp()
    const set = async (input: object) => (await app.graphql(SET, { input: { userId: ALAN, ...input } })).data
    const phone = { triggerData: { mfaPhone: '+8613800000003' } }
    expect((await set(phone)).setUserMfaStatus).toMatchObject({ applied: true, userMfa: { factors: [] } })
    expect((await set({ ...phone, disable: ['SMS'] })).setUserMfaStatus).toMatchObject({ rule: 'NO_FACTOR' })
    expect((await set({ ...phone, factors: [] })).setUserMfaStatus).toMatchObject({ rule: 'NO_FACTOR' })
  })

  it('does not replace the need to name something', async () => {
    await using app = await startApp()
    for (const wish of [{ triggerData: {} }, { triggerData: { mfaToken: CANARY.mfaToken } }]) {
      const { data } = await app.graphql(SET, { input: { userId: USER, ...wish } })
      expect(data.setUserMfaStatus.fieldErrors).toMatchObject([{ path: ['input', 'factors'] }])
    }
    expect(app.takeCalls()).toEqual([])
  })

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a phone with a country code that nobody has', { mfaPhone: '+9991234567' }, ['mfaPhone']],
    ['a country code that nobody has', { mfaPhoneCountryCode: '+999' }, ['mfaPhoneCountryCode']],
    ['two country codes', { mfaPhone: '+8613800000001', mfaPhoneCountryCode: '+1' }, ['mfaPhoneCountryCode']],
    ['a phone with letters', { mfaPhone: '+1 800 FLOWERS' }, ['mfaPhone']],
    ['a phone of full-width digits', { mfaPhone: '１３８０００００００１' }, ['mfaPhone']],
    ['the account’s phone', { phone: 'tel:+8613800000001' }, ['phone']],
    ['an e-mail address without a domain', { mfaEmail: 'ada@' }, ['mfaEmail']],
    ['several', { mfaPhone: '0086 138', mfaEmail: 'a@b@c.example' }, ['mfaPhone', 'mfaEmail']],
  ])('that cannot be one is refused before GenAuth is asked: %s', async (_what, fields, paths) => {
    await using app = await startApp({ env: { AUTH_USER_ID_CLAIM: 'sub' } })
    for (const more of [{}, { dryRun: true }, { enable: ['SMS'] }]) {
      const { data } = await app.graphql(SET, { input: { userId: USER, triggerData: fields, ...more } })
      const { __typename, code, fieldErrors } = data.setUserMfaStatus
      expect([__typename, code]).toEqual(['MfaInvalidInputError', 'INVALID_INPUT'])
      expect(fieldErrors.map(({ path }: { path: string[] }) => path)).toEqual(
        paths.map(path => ['input', 'triggerData', path]),
      )
      for (const value of Object.values(fields)) expect(JSON.stringify(data)).not.toContain(value)
    }
    expect(app.takeCalls()).toEqual([])
    expect(app.journal.filter(({ kind }) => kind === 'intent' || kind === 'probe')).toEqual([])
  })
})
