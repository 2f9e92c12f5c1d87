import { type MfaFactor, type MfaFactorType, toMfaFactorType } from './factor.ts'
import { MFA_DISPLAY_FIELDS, MFA_FLAG_FIELDS, MFA_TEXT_FIELDS, type MfaState } from './mfa-state.ts'
import type { FactorChangeInput, FactorSetting, MfaFieldChange } from './user-change.ts'

/** A whole list of known factors, a patch that keeps everything else, or the very list that there was before. */
export type FactorChange =
  | { readonly kind: 'LIST'; readonly factors: readonly FactorSetting[] }
  | {
      readonly kind: 'PATCH'
      readonly enable: readonly MfaFactorType[]
      readonly disable: readonly MfaFactorType[]
    }
  | { readonly kind: 'RESTORE'; readonly factors: readonly MfaFactor[] }

/** Returns the one way that was given. The input must have no faults. */
export function toFactorChange({ factors, enable, disable }: FactorChangeInput): FactorChange {
  return factors == null
    ? { kind: 'PATCH', enable: enable ?? [], disable: disable ?? [] }
    : { kind: 'LIST', factors }
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

/**
 * Returns the resulting factors. A list replaces the known factors and keeps unknown ones behind them, in their
 * order. A patch keeps every factor in its place. A factor that it newly enables goes last, so that no user's first
 * factor changes by it. A list of before is restored as it was, unknown factors included.
 */
export function applyFactorChange(before: readonly MfaFactor[], change: FactorChange): MfaFactor[] {
  switch (change.kind) {
    case 'LIST':
      return replaceKnown(before, change.factors)
    case 'PATCH':
      return change.enable.reduce(
        enableLast,
        before.map(factor => switchOff(factor, change.disable)),
      )
    case 'RESTORE':
      return restore(before, change.factors)
  }
}

/** A factor that is on, or off, on both sides keeps GenAuth's own number. A list of before does not have it. */
function restore(now: readonly MfaFactor[], factors: readonly MfaFactor[]): MfaFactor[] {
  const left = [...now]
  return factors.map(({ code, enabled, sort }) => {
    const place = left.findIndex(factor => factor.code === code && factor.enabled === enabled)
    const [kept] = place < 0 ? [] : left.splice(place, 1)
    return kept === undefined ? { code, enabled, sort } : { ...kept, sort }
  })
}

function replaceKnown(before: readonly MfaFactor[], settings: readonly FactorSetting[]): MfaFactor[] {
  const known = settings.map(({ type, enabled, sort }, place) => ({
    code: type,
    enabled,
    sort: sort ?? place,
  }))
  const unknown = before
    .filter(factor => toMfaFactorType(factor.code) === null)
    .map(factor => ({ ...factor, sort: Math.max(factor.sort, toSortBehind(known)) }))
  return [...known, ...unknown]
}

function switchOff(factor: MfaFactor, disable: readonly MfaFactorType[]): MfaFactor {
  const { code, enabled, sort } = factor
  return enabled && disable.some(type => type === code) ? { code, enabled: false, sort } : factor
}

function enableLast(factors: MfaFactor[], type: MfaFactorType): MfaFactor[] {
  if (factors.some(factor => factor.code === type && factor.enabled)) return factors
  const others = factors.filter(factor => factor.code !== type)
  const own = factors.find(factor => factor.code === type)
  return [...others, { code: type, enabled: true, sort: Math.max(own?.sort ?? 0, toSortBehind(others)) }]
}

/** Returns the first place behind all of these. */
function toSortBehind(factors: readonly MfaFactor[]): number {
  return factors.reduce((behind, factor) => Math.max(behind, Math.floor(factor.sort) + 1), 0)
}
