/** How many sealed segments of a journal are not as they should be. */
export interface SealedFaults {
  /** Altered, cut, replaced, or missing between two others: somebody has changed what was on record. */
  readonly broken: number
  /** Under a key that is not given, or unreadable: nobody can say whether they are in order. */
  readonly unverified: number
}

export const NO_SEALED_FAULTS: SealedFaults = { broken: 0, unverified: 0 }
