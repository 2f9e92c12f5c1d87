import type { VariablesOf } from '../api/document.ts'
import type { SetPoolPolicyDocument } from '../generated/documents.ts'

export type FactorType = VariablesOf<typeof SetPoolPolicyDocument>['enabledFactors'][number]

/** The factors of this version, in the order of the API. */
export const FACTOR_TYPES = ['SMS', 'EMAIL', 'OTP', 'FACE'] as const satisfies readonly FactorType[]

export type FactorSwitch = 'LEAVE' | 'ON' | 'OFF'

/** The wish for each factor. */
export type FactorSwitches = Readonly<Record<FactorType, FactorSwitch>>

export const LEAVE_ALL: FactorSwitches = { SMS: 'LEAVE', EMAIL: 'LEAVE', OTP: 'LEAVE', FACE: 'LEAVE' }

/** Returns the two lists of the API. */
export function toPatch(switches: FactorSwitches): {
  readonly enable: FactorType[]
  readonly disable: FactorType[]
} {
  return {
    enable: FACTOR_TYPES.filter(type => switches[type] === 'ON'),
    disable: FACTOR_TYPES.filter(type => switches[type] === 'OFF'),
  }
}

/** Returns the factors that are on once a wish is applied to those that are on now. */
export function applySwitches(on: readonly FactorType[], switches: FactorSwitches): readonly FactorType[] {
  return FACTOR_TYPES.filter(
    type => switches[type] === 'ON' || (switches[type] === 'LEAVE' && on.includes(type)),
  )
}

/** Returns the switches of two lists of names. Names that this version does not know are left out. */
export function toSwitches(enable: readonly string[], disable: readonly string[]): FactorSwitches {
  const of = (type: FactorType): FactorSwitch =>
    enable.includes(type) ? 'ON' : disable.includes(type) ? 'OFF' : 'LEAVE'
  return { SMS: of('SMS'), EMAIL: of('EMAIL'), OTP: of('OTP'), FACE: of('FACE') }
}
