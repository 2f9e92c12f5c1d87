/** A change of factors that may wait for a sign-in. */
export interface PendingChange {
  readonly enable: readonly string[]
  readonly disable: readonly string[]
  /** All factors in their new order. `null` if the order stays as it is. */
  readonly order: readonly string[] | null
  readonly revision: string | null
}

export function isPendingChange(read: unknown): read is PendingChange {
  if (typeof read !== 'object' || read === null) return false
  const { enable, disable, order, revision }: Partial<Record<string, unknown>> = { ...read }
  return (
    isTexts(enable) &&
    isTexts(disable) &&
    (order === null || isTexts(order)) &&
    (revision === null || typeof revision === 'string')
  )
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}
