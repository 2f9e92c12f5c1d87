import type { ForecastReasonCode, ForecastUnknown, ForecastVerdict } from '../policy/forecast.ts'
import { builder } from './builder.ts'
import { described } from './enums.ts'

export const MfaForecastVerdictEnum = builder.enumType('MfaForecastVerdict', {
  description:
    'The course that the second step of a sign-in will take. It is a forecast, not a promise: `unknowns` says what may change it.',
  values: described<ForecastVerdict>({
    NOT_ASKED: "GenAuth's pages ask for no second factor, or the user is exempt.",
    CAN_PASS: 'A factor that is offered is bound, so the person can pass.',
    MUST_ENROLL:
      'The person has bound none of the offered factors that this version knows, and has to bind one during the sign-in. Whether GenAuth lets them is not known.',
    CANNOT_PASS:
      'Every offered factor sends a code, and there is nowhere to send it: neither the second factor nor the account has such a contact. The person can pass only if GenAuth lets them enter one during the sign-in.',
    UNKNOWN:
      'It cannot be told. Only factors are offered that this version does not know, or GenAuth does not say whether one is bound. Or none is bound, and only a face could be enrolled, for which the page needs a plug-in.',
  }),
})

export const MfaForecastReasonCodeEnum = builder.enumType('MfaForecastReasonCode', {
  description: 'The kind of an `MfaForecastReason`, stable across versions. New kinds may be added.',
  values: described<ForecastReasonCode>({
    EXEMPT:
      'GenAuth has the user on its list of users who skip the second factor. The list may be a minute old, and does not say when an entry ends.',
    APPLICATION_FOLLOWS_POOL:
      'The application has no security rules of its own, so those of the user pool decide.',
    NO_FACTOR_DEMANDED: 'GenAuth names no factor for this sign-in.',
    ONLY_UNKNOWN_FACTORS: 'This version knows none of the offered factors.',
    FACTOR_BOUND: 'The user has bound the factor.',
    FACTOR_NOT_BOUND: 'The user has not bound the factor.',
    BINDING_UNKNOWN:
      'Whether the user has bound the factor cannot be told: GenAuth does not say, or this version does not know the factor.',
    NO_CONTACT:
      'The factor sends a code, and neither the second factor nor the account has a contact to send it to.',
    FACTOR_OFF_BUT_OFFERED: "The factor is switched off, and GenAuth's pages offer it all the same.",
  }),
})

export const MfaForecastUnknownEnum = builder.enumType('MfaForecastUnknown', {
  description:
    'A part of GenAuth that also decides at a sign-in, and that this server cannot see. New ones may be added.',
  values: described<ForecastUnknown>({
    IDENTITY_SOURCE_POLICY:
      'Each identity source can be exempt from the second factor for the whole user pool. No call reads that. Always listed.',
    ADAPTIVE_POLICY: 'Adaptive MFA judges the risk of each sign-in. No call reads its rules. Always listed.',
    IP_LIST: 'Addresses can be exempt. The address of a later sign-in is not known. Always listed.',
    PIPELINE_FUNCTION:
      'A function of the user pool runs before a second factor is verified, or the list of functions could not be read.',
    EXEMPTION_LIST:
      'Whether the user is exempt is not known. The list has more than 200 entries, or it could not be read in full.',
    MAY_ENROLL:
      'Whether GenAuth lets a person bind a factor, or enter a contact, during the sign-in. No call reads that.',
  }),
})
