import { z } from 'zod'
import type { MfaFactor } from '../../mfa/factor.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import {
  EMPTY_MFA_STATE,
  MFA_DISPLAY_FIELDS,
  type MfaDisplayField,
  type MfaState,
  type StoredMfa,
} from '../../mfa/mfa-state.ts'
import type { UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { listUpTo, notNeeded, plainFlag, plainNumber, plainText, replyData } from '../lenient.ts'
import { areShortEnough, MAX_FACTORS } from './factor-limits.ts'
import { nameUser, readUser } from './user-call.ts'

const text = plainText.nullish()
const flag = plainFlag.nullish()

/** An unreadable record makes the whole list unreadable, because a write without it would remove the factor. */
const applicationMfaSchema = z.object({
  mfaPolicy: z.string(),
  status: z.union([plainNumber, plainFlag.transform(Number)]),
  sort: notNeeded(plainNumber),
})

/**
 * `GetMfaInfoDataDto` as GenAuth really sends it. Its optional texts are documented as strings, but are `null` in every
 * sample of the vendor.
 *
 * Contacts, flags and factors decide how a user signs in, so an unreadable one makes the reply faulty. An unreadable
 * text for display does not. Unknown keys (`avatar`, `passkeyEnabled`, …) are dropped, so that a write sends only
 * documented ones.
 */
export const mfaTriggerDataSchema = z.object({
  mfaToken: notNeeded(plainText),
  mfaPhone: text,
  mfaPhoneCountryCode: text,
  mfaEmail: text,
  nickname: z.unknown().optional(),
  username: z.unknown().optional(),
  phone: z.unknown().optional(),
  phoneCountryCode: z.unknown().optional(),
  faceMfaEnabled: flag,
  totpMfaEnabled: flag,
  applicationMfa: listUpTo(MAX_FACTORS, applicationMfaSchema)
    .refine(factors => areShortEnough(factors.map(({ mfaPolicy }) => mfaPolicy)))
    .nullish(),
})

/** The fields that no other endpoint's reply has. */
export const TRIGGER_DATA_FIELDS = [
  'mfaToken',
  'mfaPhone',
  'mfaPhoneCountryCode',
  'mfaEmail',
  'faceMfaEnabled',
  'totpMfaEnabled',
  'applicationMfa',
]

const getMfaStatusData = replyData(TRIGGER_DATA_FIELDS, mfaTriggerDataSchema.nullish()).transform(toStoredMfa)
/**
 * `success: false` under status 200 is neither a success nor a refusal, because nothing says what was done. This field
 * alone proves a write, so no other form of `true` counts here.
 */
const setMfaStatusData = z.object({ success: z.literal(true) }).transform(() => {})

/** Returns the stored state of a user, by `GET get-mfa-status`. `data: null` is an empty state without a token. */
export function getMfaStatus(makeCall: MakeCall, user: UserRef): Promise<UpstreamResult<StoredMfa>> {
  return readUser(makeCall, 'get-mfa-status', user, getMfaStatusData)
}

/** Replaces the whole stored object, by `POST set-mfa-status`. */
export function setMfaStatus(
  makeCall: MakeCall,
  user: UserRef,
  state: MfaState,
  mfaToken: string,
): Promise<UpstreamResult<void>> {
  const { params, subject } = nameUser(user)
  return makeCall({
    kind: 'WRITE',
    method: 'POST',
    endpoint: 'set-mfa-status',
    subject,
    params: { ...params, mfaTriggerData: toMfaTriggerData(state, mfaToken) },
    data: setMfaStatusData,
  })
}

export function toStoredMfa(data: z.infer<typeof mfaTriggerDataSchema> | null | undefined): StoredMfa {
  if (data == null) return { state: EMPTY_MFA_STATE, mfaToken: null }
  return {
    state: {
      mfaPhone: data.mfaPhone ?? null,
      mfaPhoneCountryCode: data.mfaPhoneCountryCode ?? null,
      mfaEmail: data.mfaEmail ?? null,
      ...toDisplay(data),
      faceMfaEnabled: data.faceMfaEnabled ?? null,
      totpMfaEnabled: data.totpMfaEnabled ?? null,
      factors: (data.applicationMfa ?? []).map(toFactor),
    },
    mfaToken: data.mfaToken || null,
  }
}

/** Returns the texts for display. A value that should be one but is not a text is kept in `displayAsRead`. */
function toDisplay(
  data: Readonly<Partial<Record<MfaDisplayField, unknown>>>,
): Pick<MfaState, MfaDisplayField | 'displayAsRead'> {
  const texts: Record<MfaDisplayField, string | null> = {
    nickname: null,
    username: null,
    phone: null,
    phoneCountryCode: null,
  }
  const displayAsRead: Partial<Record<MfaDisplayField, unknown>> = {}
  for (const field of MFA_DISPLAY_FIELDS) {
    const parsed = text.safeParse(data[field])
    if (parsed.success) texts[field] = parsed.data ?? null
    else displayAsRead[field] = data[field]
  }
  return Object.keys(displayAsRead).length === 0 ? texts : { ...texts, displayAsRead }
}

function toFactor({ mfaPolicy, status, sort }: z.infer<typeof applicationMfaSchema>): MfaFactor {
  return { code: mfaPolicy, enabled: status !== 0, sort: sort ?? 0, statusAsRead: status }
}

/** An unset text is sent as `null`, as in the vendor's samples. An unknown flag is left out. */
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
    ...state.displayAsRead,
    // A field that is `undefined` is not in the JSON.
    faceMfaEnabled: state.faceMfaEnabled ?? undefined,
    totpMfaEnabled: state.totpMfaEnabled ?? undefined,
    applicationMfa: state.factors.map(({ code, enabled, sort, statusAsRead }) => ({
      mfaPolicy: code,
      status: statusAsRead ?? (enabled ? 1 : 0),
      sort,
    })),
  }
}
