/** Holds all faults of an environment. The text names variables and rules, and repeats no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(['The configuration is not usable:', ...faults.map(fault => `  - ${fault}`)].join('\n'))
    this.faults = faults
  }
}
