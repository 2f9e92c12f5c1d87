import type { ForecastReasonCode } from './forecast.ts'

const MESSAGES: Readonly<Record<ForecastReasonCode, string>> = {
  EXEMPT: 'GenAuth has the user on its list of users who skip the second factor.',
  APPLICATION_FOLLOWS_POOL: 'The application follows the rules of the user pool.',
  NO_FACTOR_DEMANDED: 'GenAuth names no factor for this sign-in.',
  ONLY_UNKNOWN_FACTORS: 'This server knows none of the factors that GenAuth offers.',
  FACTOR_BOUND: 'The user has bound this factor.',
  FACTOR_NOT_BOUND: 'The user has not bound this factor.',
  BINDING_UNKNOWN: 'It cannot be told whether the user has bound this factor.',
  NO_CONTACT: 'There is no contact to send the code of this factor to.',
  FACTOR_OFF_BUT_OFFERED: "This factor is switched off, and GenAuth's pages offer it all the same.",
}

/** Returns a reason as a sentence for people. */
export function toReasonMessage(code: ForecastReasonCode): string {
  return MESSAGES[code]
}
