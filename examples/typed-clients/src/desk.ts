/** The operator in front of the screen. */
export interface Desk {
  show(line: string): void
  /** Whether to go on with what was shown. */
  confirm(question: string): Promise<boolean>
}

export interface ShownFactor {
  readonly code: string
  readonly enabled: boolean
}

/** Factors as the operator reads them: `SMS on, OTP off`. */
export function describeFactors(factors: readonly ShownFactor[]): string {
  return factors.map(({ code, enabled }) => `${code} ${enabled ? 'on' : 'off'}`).join(', ') || 'none'
}

/**
 * For the end of a switch over `__typename`: does not compile while an arm is missing, and at run time says what
 * a type that is newer than this program says of itself.
 */
export function describeUnknown(result: never): string {
  const { code, message }: { code?: string; message?: string } = result
  return `${code ?? 'UNKNOWN'}: ${message ?? 'An answer that this program does not know.'}`
}
