import type { DemoPerson } from './demo-people.ts'

/** The authentication contexts of the issuer, the weakest first. */
export const ACR_VALUES = ['pwd', 'mfa'] as const

export type Acr = (typeof ACR_VALUES)[number]

/** A sign-in that took place. Nobody types a password: the sandbox takes the person and the method as chosen. */
export interface Authentication {
  readonly person: DemoPerson
  /** Seconds since 1970. */
  readonly authTimeS: number
  readonly acr: Acr
}

/** Returns `true` if a sign-in meets a context or exceeds it. A sign-in with two factors meets every context. */
export function meets({ acr }: Pick<Authentication, 'acr'>, wanted: Acr): boolean {
  return ACR_VALUES.indexOf(acr) >= ACR_VALUES.indexOf(wanted)
}

/** Returns the methods of a sign-in, by the names of RFC 8176. */
export function toAmr({ acr }: Pick<Authentication, 'acr'>): readonly string[] {
  switch (acr) {
    case 'pwd':
      return ['pwd']
    case 'mfa':
      return ['pwd', 'otp']
  }
}
