/** The number of faulty sealed segments of a journal. */
export interface SealedFaults {
  /** Altered, cut, replaced, or missing between two others. Somebody has changed the record. */
  readonly broken: number
  /** Under a key that is not given, or unreadable. Nobody can say whether they are in order. */
  readonly unverified: number
}

export const NO_SEALED_FAULTS: SealedFaults = { broken: 0, unverified: 0 }
