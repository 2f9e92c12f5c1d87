import { isInvisible } from '../base/invisible.ts'
import { MFA_FACTOR_TYPES, type MfaFactorType } from './factor.ts'
import type { FieldError } from './failure-details.ts'
import { MFA_FLAG_FIELDS, MFA_TEXT_FIELDS } from './mfa-state.ts'
import { findReasonFault } from './reason-fault.ts'
import { findRevisionFault } from './revision.ts'
import type { FactorChangeInput, FactorSetting, MfaFieldChange, SetUserMfaStatus } from './user-change.ts'
import { findUserIdFault, type UserRef } from './user-ref.ts'

/** Returns the faults of the name of a user, and of the revision that is expected. */
export function findUserFaults(
  user: UserRef & { readonly expectedRevision?: string | null | undefined },
): FieldError[] {
  const idFault = findUserIdFault(user)
  const revisionFault = user.expectedRevision == null ? null : findRevisionFault(user.expectedRevision)
  return [
    ...(idFault === null ? [] : [{ path: ['userId'], message: idFault }]),
    ...(revisionFault === null ? [] : [{ path: ['expectedRevision'], message: revisionFault }]),
  ]
}

/**
 * Returns the faults of a change that do not depend on the user. A change without `triggerData` must name a factor.
 */
export function findChangeFaults(
  wanted: FactorChangeInput & { readonly reason: string | null; readonly triggerData?: MfaFieldChange },
): FieldError[] {
  const reasonFault = wanted.reason === null ? null : findReasonFault(wanted.reason)
  const faults = findFactorChangeFaults(wanted, namesField(wanted.triggerData ?? {}))
  return reasonFault === null ? faults : [...faults, { path: ['reason'], message: reasonFault }]
}

function namesField(fields: MfaFieldChange): boolean {
  return [...MFA_TEXT_FIELDS, ...MFA_FLAG_FIELDS].some(field => fields[field] !== undefined)
}

/** Returns the faults of a token that is given. */
export function findTokenFaults({ triggerData }: Pick<SetUserMfaStatus, 'triggerData'>): FieldError[] {
  const { mfaToken } = triggerData
  if (mfaToken == null || !isInvisible(mfaToken)) return []
  return [
    { path: ['triggerData', 'mfaToken'], message: 'The token must not be blank; leave it out instead.' },
  ]
}

/** Returns the faults of a change of factors. Their paths are relative to the input that holds it. */
function findFactorChangeFaults(
  { factors, enable, disable }: FactorChangeInput,
  namesOther: boolean,
): FieldError[] {
  const isPatch = enable != null || disable != null
  if (factors != null ? isPatch : !isPatch && !namesOther) {
    return [{ path: ['factors'], message: 'Give either factors, or enable and disable: exactly one way.' }]
  }
  if (factors != null) return findListFaults(factors)
  if ((enable ?? []).length + (disable ?? []).length === 0 && !namesOther) {
    return [{ path: ['enable'], message: 'A patch must name at least one factor in enable or disable.' }]
  }
  return findPatchFaults(enable ?? [], disable ?? [])
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

/** Returns the faults of two lists of factors, to switch on and off. */
export function findPatchFaults(
  enable: readonly MfaFactorType[],
  disable: readonly MfaFactorType[],
): FieldError[] {
  const faults = [...findTypesFaults(enable, 'enable'), ...findTypesFaults(disable, 'disable')]
  if (faults.some(({ path }) => path.length === 1)) return faults.slice(0, 1)
  const contradicted = disable.flatMap((type, index) =>
    enable.includes(type)
      ? [{ path: ['disable', `${index}`], message: 'This factor stands in enable too.' }]
      : [],
  )
  return [...faults, ...contradicted]
}

/**
 * Returns a fault for each factor that a list names for a second time. A list that must do so by its length has one
 * fault.
 *
 * @param name the name of the list in the input
 */
export function findTypesFaults(list: readonly MfaFactorType[], name: string): FieldError[] {
  if (list.length > MFA_FACTOR_TYPES.length) return [tooMany(name)]
  return list.flatMap((type, index) =>
    list.indexOf(type) < index ? [{ path: [name, `${index}`], message: 'This factor is named twice.' }] : [],
  )
}

/** Returns one fault for a list that is so long that it must name a factor twice. */
function tooMany(list: string): FieldError {
  return { path: [list], message: `There are only ${MFA_FACTOR_TYPES.length} factors to name, each once.` }
}
