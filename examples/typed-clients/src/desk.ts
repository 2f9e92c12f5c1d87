/** The operator in front of the screen. */
export interface Desk {
  show(line: string): void
  /** Resolves to `true` if the operator wants to continue after reading the screen. */
  confirm(question: string): Promise<boolean>
}

export interface ShownFactor {
  readonly code: string
  readonly enabled: boolean
}

/** Describes factors for the operator: `SMS on, OTP off`. */
export function describeFactors(factors: readonly ShownFactor[]): string {
  return factors.map(({ code, enabled }) => `${code} ${enabled ? 'on' : 'off'}`).join(', ') || 'none'
}

/**
 * Ends a switch over `__typename`. It does not compile while an arm is missing. At run time it returns the message of a
 * type that is newer than this program.
 */
export function describeUnknown(result: never): string {
  const { code, message }: { code?: string; message?: string } = result
  return `${code ?? 'UNKNOWN'}: ${message ?? 'An answer that this program does not know.'}`
}
