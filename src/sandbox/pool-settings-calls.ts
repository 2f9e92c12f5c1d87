/** The behaviour of the two calls that change the pool's factors. No document says what the first does with the other factors. */
export interface PoolSettingsCalls {
  /** Adds the factors to those that are on, or leaves nothing else on. */
  update: 'ADDS' | 'REPLACES'
  /** Takes the factors away, or does not exist: as every unknown call, or with the status for it. */
  disable: 'WORKS' | 'NOT_FOUND' | 'UNSUPPORTED'
}

export const DEFAULT_POOL_SETTINGS_CALLS: PoolSettingsCalls = { update: 'ADDS', disable: 'WORKS' }
