/** An application of the user pool. Apart from the id, a fact is `null` if GenAuth does not say it. */
export interface PolicyApplication {
  readonly id: string
  readonly name: string | null
  /** The part of its address that names it. */
  readonly identifier: string | null
  /** GenAuth's word: `web`, `spa`, `native`, `api` and others. */
  readonly type: string | null
  /** `false` if it follows the security rules of the pool. Also `null` if the settings were not asked for. */
  readonly hasOwnRules: boolean | null
}
