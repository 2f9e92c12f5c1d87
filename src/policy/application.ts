/** An application of the user pool. */
export interface PolicyApplication {
  readonly id: string
  readonly name: string
  /** The part of its address that names it. */
  readonly identifier: string
  /** GenAuth's word: `web`, `spa`, `native`, `api` and others. */
  readonly type: string
  /** `false` if it follows the security rules of the pool. `null` if GenAuth does not say. */
  readonly hasOwnRules: boolean | null
}
