import { type MfaFactor, type MfaFactorType, toMfaFactorType } from './factor.ts'
import {
  MFA_FLAG_FIELDS,
  MFA_TEXT_FIELDS,
  type MfaFlagField,
  type MfaState,
  type MfaTextField,
} from './mfa-state.ts'

/** One known factor as the caller wants it. `sort` left out: its place in the list. */
export interface FactorSetting {
  readonly type: MfaFactorType
  readonly enabled: boolean
  readonly sort?: number | null | undefined
}

/** New values for the fields beside the factors: left out keeps, null clears. */
export type MfaFieldChange = { readonly [F in MfaTextField]?: string | null | undefined } & {
  readonly [F in MfaFlagField]?: boolean | null | undefined
}

/**
 * The state that results from laying the wanted fields and factors over a state. The given factors replace the
 * known ones; factors that this version does not know are kept behind them, in their order.
 */
export function mergeMfaState(
  before: MfaState,
  fields: MfaFieldChange,
  factors: readonly FactorSetting[],
): MfaState {
  const after: { -readonly [K in keyof MfaState]: MfaState[K] } = {
    ...before,
    factors: replaceKnown(before, factors),
  }
  for (const field of MFA_TEXT_FIELDS) {
    const value = fields[field]
    if (value !== undefined) after[field] = value
  }
  for (const field of MFA_FLAG_FIELDS) {
    const value = fields[field]
    if (value !== undefined) after[field] = value
  }
  return after
}

function replaceKnown(before: MfaState, settings: readonly FactorSetting[]): MfaFactor[] {
  const known = settings.map(({ type, enabled, sort }, place) => ({
    code: type,
    enabled,
    sort: sort ?? place,
  }))
  const firstFree = known.reduce((free, factor) => Math.max(free, factor.sort + 1), 0)
  const unknown = before.factors
    .filter(factor => toMfaFactorType(factor.code) === null)
    .map(factor => ({ ...factor, sort: Math.max(factor.sort, firstFree) }))
  return [...known, ...unknown]
}
