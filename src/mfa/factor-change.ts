import { MFA_FACTOR_TYPES, type MfaFactor, type MfaFactorType, toMfaFactorType } from './factor.ts'
import type { FieldError } from './failure-details.ts'

/** One known factor as the caller wants it. If `sort` is left out, it is the place in the list. */
interface FactorSetting {
  readonly type: MfaFactorType
  readonly enabled: boolean
  readonly sort?: number | null | undefined
}

/** The input of a caller: either a whole list or a patch. `null` means the same as a field that is left out. */
export interface FactorChangeInput {
  readonly factors?: readonly FactorSetting[] | null | undefined
  readonly enable?: readonly MfaFactorType[] | null | undefined
  readonly disable?: readonly MfaFactorType[] | null | undefined
}

/** A whole list of known factors, or a patch that keeps everything else. */
export type FactorChange =
  | { readonly kind: 'LIST'; readonly factors: readonly FactorSetting[] }
  | {
      readonly kind: 'PATCH'
      readonly enable: readonly MfaFactorType[]
      readonly disable: readonly MfaFactorType[]
    }

/** Returns the one way that was given. The input must have no faults. */
export function toFactorChange({ factors, enable, disable }: FactorChangeInput): FactorChange {
  return factors == null
    ? { kind: 'PATCH', enable: enable ?? [], disable: disable ?? [] }
    : { kind: 'LIST', factors }
}

/** Returns the faults of a change of factors. Their paths are relative to the input that holds it. */
export function findFactorChangeFaults({ factors, enable, disable }: FactorChangeInput): FieldError[] {
  const isPatch = enable != null || disable != null
  if ((factors != null) === isPatch) {
    return [{ path: ['factors'], message: 'Give either factors, or enable and disable: exactly one way.' }]
  }
  if (factors != null) return findListFaults(factors)
  if ((enable ?? []).length + (disable ?? []).length === 0) {
    return [{ path: ['enable'], message: 'A patch must name at least one factor in enable or disable.' }]
  }
  return findPatchFaults(enable ?? [], disable ?? [])
}

/**
 * Returns the resulting factors. A list replaces the known factors and keeps unknown ones behind them, in their
 * order. A patch keeps every factor in its place. A factor that it newly enables goes last, so that no user's first
 * factor changes by it.
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
  }
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

function findListFaults(factors: readonly FactorSetting[]): FieldError[] {
  if (factors.length > MFA_FACTOR_TYPES.length) return [tooMany('factors')]
  return factors.flatMap(({ type, sort }, index) => {
    const faults: FieldError[] = []
    if (factors.findIndex(factor => factor.type === type) < index) {
      faults.push({ path: ['factors', `${index}`, 'type'], message: 'This factor is named twice.' })
    }
    if (sort != null && (sort < 0 || !Number.isInteger(sort))) {
      faults.push({
        path: ['factors', `${index}`, 'sort'],
        message: 'sort must be a whole number of 0 or more.',
      })
    }
    return faults
  })
}

function findPatchFaults(enable: readonly MfaFactorType[], disable: readonly MfaFactorType[]): FieldError[] {
  if (enable.length > MFA_FACTOR_TYPES.length) return [tooMany('enable')]
  if (disable.length > MFA_FACTOR_TYPES.length) return [tooMany('disable')]
  const repeated = (list: readonly MfaFactorType[], name: string) =>
    list.flatMap((type, index) =>
      list.indexOf(type) < index
        ? [{ path: [name, `${index}`], message: 'This factor is named twice.' }]
        : [],
    )
  const contradicted = disable.flatMap((type, index) =>
    enable.includes(type)
      ? [{ path: ['disable', `${index}`], message: 'This factor stands in enable too.' }]
      : [],
  )
  return [...repeated(enable, 'enable'), ...repeated(disable, 'disable'), ...contradicted]
}

/** Returns one fault for a list that is so long that it must name a factor twice. */
function tooMany(list: string): FieldError {
  return { path: [list], message: `There are only ${MFA_FACTOR_TYPES.length} factors to name, each once.` }
}
