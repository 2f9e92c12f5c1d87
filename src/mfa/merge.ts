import { applyFactorChange, type FactorChange } from './factor-change.ts'
import {
  MFA_DISPLAY_FIELDS,
  MFA_FLAG_FIELDS,
  MFA_TEXT_FIELDS,
  type MfaFlagField,
  type MfaState,
  type MfaTextField,
} from './mfa-state.ts'

/** New values for the fields other than the factors. A field that is left out is kept, and `null` clears it. */
export type MfaFieldChange = { readonly [F in MfaTextField]?: string | null | undefined } & {
  readonly [F in MfaFlagField]?: boolean | null | undefined
}

/** Returns the state that results if the wanted fields and factors are laid over a state. */
export function mergeMfaState(before: MfaState, fields: MfaFieldChange, change: FactorChange): MfaState {
  const after: { -readonly [K in keyof MfaState]: MfaState[K] } = {
    ...before,
    factors: applyFactorChange(before.factors, change),
  }
  for (const field of MFA_TEXT_FIELDS) {
    const value = fields[field]
    if (value !== undefined) after[field] = value
  }
  if (before.displayAsRead !== undefined) after.displayAsRead = withoutChanged(before.displayAsRead, fields)
  for (const field of MFA_FLAG_FIELDS) {
    const value = fields[field]
    if (value !== undefined) after[field] = value
  }
  return after
}

function withoutChanged(asRead: NonNullable<MfaState['displayAsRead']>, fields: MfaFieldChange) {
  return Object.fromEntries(
    Object.entries(asRead).filter(([name]) =>
      MFA_DISPLAY_FIELDS.every(field => field !== name || fields[field] === undefined),
    ),
  )
}
