/** The facts that have to outlive the way to the issuer and back. */
export interface KeptForReturn {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** `true` if a sign-in was asked for that is fresh, or of a certain kind. */
  readonly isStepUp: boolean
  /** The address of the screen, which names nobody. */
  readonly returnTo: string
}

const KEY = 'genauth-graphql:sign-in'

export function keepForReturn(kept: KeptForReturn): void {
  sessionStorage.setItem(KEY, JSON.stringify(kept))
}

/** Takes it out of the storage, so that it can be used once. Returns `null` if there is none. */
export function takeForReturn(): KeptForReturn | null {
  const kept = peekForReturn()
  sessionStorage.removeItem(KEY)
  return kept
}

/** Returns it, and leaves it where it is. */
export function peekForReturn(): KeptForReturn | null {
  const text = sessionStorage.getItem(KEY)
  if (text === null) return null
  try {
    const read: unknown = JSON.parse(text)
    return isKept(read) ? read : null
  } catch {
    return null
  }
}

function isKept(read: unknown): read is KeptForReturn {
  if (typeof read !== 'object' || read === null) return false
  const { state, nonce, verifier, returnTo, isStepUp }: Partial<Record<string, unknown>> = { ...read }
  return (
    typeof isStepUp === 'boolean' &&
    [state, nonce, verifier, returnTo].every(value => typeof value === 'string')
  )
}
