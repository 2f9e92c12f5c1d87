import { z } from 'zod'
import type { MfaFactor } from '../mfa/factor.ts'
import { type Result, succeed } from '../mfa/failure.ts'
import { EMPTY_MFA_STATE, type MfaState, type StoredMfa } from '../mfa/mfa-state.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { Exchange } from './exchange.ts'
import { toUserParams, toWireIdType } from './user-id-type.ts'

const text = z.string().nullish()
const flag = z.boolean().nullish()

const applicationMfaSchema = z.object({
  mfaPolicy: z.string(),
  status: z.number(),
  sort: z.number().nullish(),
})

/**
 * `GetMfaInfoDataDto` as it really comes: documented as strings, the optional texts are null in every vendor
 * sample. Unknown keys (`avatar`, `passkeyEnabled`, …) are dropped, so that a write sends only documented ones.
 */
const mfaTriggerDataSchema = z.object({
  mfaToken: text,
  mfaPhone: text,
  mfaPhoneCountryCode: text,
  mfaEmail: text,
  nickname: text,
  username: text,
  phone: text,
  phoneCountryCode: text,
  faceMfaEnabled: flag,
  totpMfaEnabled: flag,
  applicationMfa: z.array(applicationMfaSchema).nullish(),
})

const getMfaStatusData = mfaTriggerDataSchema.nullish()
/** `success: false` under status 200 is neither a success nor a refusal: nothing says what was done. */
const setMfaStatusData = z.object({ success: z.literal(true) })

/** `GET get-mfa-status`: what is stored for a user. `data: null` is an empty state without a token. */
export async function getMfaStatus(exchange: Exchange, user: UserRef): Promise<Result<StoredMfa>> {
  const answered = await exchange({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-mfa-status',
    params: toUserParams(user),
    data: getMfaStatusData,
  })
  return answered.ok ? succeed(toStoredMfa(answered.value.data)) : answered
}

/** `POST set-mfa-status`: replaces the whole stored object. */
export async function setMfaStatus(
  exchange: Exchange,
  user: UserRef,
  state: MfaState,
  mfaToken: string,
): Promise<Result<void>> {
  const answered = await exchange({
    kind: 'WRITE',
    method: 'POST',
    endpoint: 'set-mfa-status',
    params: {
      userId: user.userId,
      userIdType: toWireIdType(user.userIdType),
      mfaTriggerData: toMfaTriggerData(state, mfaToken),
    },
    data: setMfaStatusData,
  })
  return answered.ok ? succeed(undefined) : answered
}

function toStoredMfa(data: z.infer<typeof getMfaStatusData>): StoredMfa {
  if (data == null) return { state: EMPTY_MFA_STATE, mfaToken: null }
  return {
    state: {
      mfaPhone: data.mfaPhone ?? null,
      mfaPhoneCountryCode: data.mfaPhoneCountryCode ?? null,
      mfaEmail: data.mfaEmail ?? null,
      nickname: data.nickname ?? null,
      username: data.username ?? null,
      phone: data.phone ?? null,
      phoneCountryCode: data.phoneCountryCode ?? null,
      faceMfaEnabled: data.faceMfaEnabled ?? null,
      totpMfaEnabled: data.totpMfaEnabled ?? null,
      factors: (data.applicationMfa ?? []).map(toFactor),
    },
    mfaToken: data.mfaToken || null,
  }
}

function toFactor({ mfaPolicy, status, sort }: z.infer<typeof applicationMfaSchema>): MfaFactor {
  return { code: mfaPolicy, enabled: status !== 0, sort: sort ?? 0, statusAsRead: status }
}

/** Texts go out as null when unset, as in the vendor's samples; a flag that is not known is left out. */
function toMfaTriggerData(state: MfaState, mfaToken: string) {
  return {
    mfaToken,
    mfaPhone: state.mfaPhone,
    mfaPhoneCountryCode: state.mfaPhoneCountryCode,
    mfaEmail: state.mfaEmail,
    nickname: state.nickname,
    username: state.username,
    phone: state.phone,
    phoneCountryCode: state.phoneCountryCode,
    // What is undefined is not in the JSON.
    faceMfaEnabled: state.faceMfaEnabled ?? undefined,
    totpMfaEnabled: state.totpMfaEnabled ?? undefined,
    applicationMfa: state.factors.map(({ code, enabled, sort, statusAsRead }) => ({
      mfaPolicy: code,
      status: statusAsRead ?? (enabled ? 1 : 0),
      sort,
    })),
  }
}
