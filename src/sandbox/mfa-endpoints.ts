import type { Endpoint } from './endpoint.ts'
import { Failure } from './failure.ts'
import { getApplication } from './find-application.ts'
import { getUser } from './find-user.ts'
import {
  mfaTriggerDataParameters,
  parseParameters,
  setMfaStatusParameters,
  userParameters,
} from './parameters.ts'
import type { Tokens } from './tokens.ts'
import type { ApplicationMfa, SandboxUser } from './user.ts'

/**
 * Replaces the whole stored object, so that omitted fields are gone. Reading: it replaces. A client that forgets a
 * field is then found out.
 */
export const setMfaStatus: Endpoint = {
  method: 'POST',
  handle(params, { store }) {
    const { userId, userIdType, mfaTriggerData } = parseParameters(setMfaStatusParameters, params)
    const user = getUser(store.users, userIdType, userId)
    if (user.status === 'Suspended') {
      // Reading: the code is "user locked". The documents do not say which calls reply with it. Users with the
      // statuses of people who left are written to like others.
      throw new Failure({ statusCode: 422, apiCode: 2005, message: 'userSuspended' })
    }
    store.users.setMfa(user.userId, {
      mfaPhone: mfaTriggerData.mfaPhone ?? null,
      mfaPhoneCountryCode: mfaTriggerData.mfaPhoneCountryCode ?? null,
      mfaEmail: mfaTriggerData.mfaEmail ?? null,
      nickname: mfaTriggerData.nickname ?? null,
      username: mfaTriggerData.username ?? null,
      phone: mfaTriggerData.phone ?? null,
      phoneCountryCode: mfaTriggerData.phoneCountryCode ?? null,
      faceMfaEnabled: mfaTriggerData.faceMfaEnabled ?? false,
      totpMfaEnabled: mfaTriggerData.totpMfaEnabled ?? false,
      applicationMfa: mfaTriggerData.applicationMfa,
    })
    return { success: true }
  },
}

/** Reading: returns the object that was last stored. Without one it returns an empty list rather than 404 or `null`. */
export const getMfaStatus: Endpoint = {
  method: 'GET',
  handle(params, { store, tokens }) {
    const { userId, userIdType } = parseParameters(userParameters, params)
    const user = getUser(store.users, userIdType, userId)
    return toTriggerData(user, user.mfa?.applicationMfa ?? [], tokens)
  },
}

/**
 * Reading: computed now, from the factors that the application has on and the factors that the user has bound. An
 * application without own rules has the pool's factors on.
 */
export const getMfaTriggerData: Endpoint = {
  method: 'GET',
  handle(params, { store, tokens }) {
    const { appId, userId, userIdType } = parseParameters(mfaTriggerDataParameters, params)
    const { hasOwnRules, factors: ownFactors } = getApplication(store, appId)
    const factors = hasOwnRules ? ownFactors : store.globalFactors
    const user = getUser(store.users, userIdType, userId)
    return toTriggerData(
      user,
      [...factors].map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort })),
      tokens,
    )
  },
}

/** Returns which factors are bound, as words, as the types say. The generated samples with booleans are wrong. */
export const getUserMfaInfo: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { userId, userIdType } = parseParameters(userParameters, params)
    const { mfa } = getUser(store.users, userIdType, userId)
    return {
      totpStatus: toStatusWord(mfa?.totpMfaEnabled),
      faceMfaStatus: toStatusWord(mfa?.faceMfaEnabled),
      smsMfaStatus: toStatusWord(mfa?.mfaPhone),
      emailMfaStatus: toStatusWord(mfa?.mfaEmail),
    }
  },
}

/** Reading: every read issues a token, and stored account data wins over the account itself. */
async function toTriggerData(user: SandboxUser, applicationMfa: ApplicationMfa[], tokens: Tokens) {
  const { mfa } = user
  return {
    mfaToken: await tokens.mintMfaToken(user.userId),
    mfaPhone: mfa?.mfaPhone ?? null,
    mfaPhoneCountryCode: mfa?.mfaPhoneCountryCode ?? null,
    mfaEmail: mfa?.mfaEmail ?? null,
    nickname: mfa?.nickname ?? user.nickname,
    username: mfa?.username ?? user.username,
    phone: mfa?.phone ?? user.phone,
    phoneCountryCode: mfa?.phoneCountryCode ?? user.phoneCountryCode,
    faceMfaEnabled: mfa?.faceMfaEnabled ?? false,
    totpMfaEnabled: mfa?.totpMfaEnabled ?? false,
    applicationMfa,
  }
}

function toStatusWord(bound: boolean | string | null | undefined): 'enabled' | 'disabled' {
  return bound ? 'enabled' : 'disabled'
}
