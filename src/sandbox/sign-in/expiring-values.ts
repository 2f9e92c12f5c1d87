import { randomBytes } from 'node:crypto'

export interface ExpiringValuesOptions {
  readonly lifetimeMs: number
  /** The oldest value goes when there would be more. */
  readonly maxCount: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Values that are had by a secret that nobody guesses, until they expire. */
export interface ExpiringValues<Value> {
  /** Keeps a value, and returns its secret, of 43 characters that need no escape. */
  add(value: Value): string
  /** Returns `undefined` if the secret is unknown, or its value has expired. */
  get(secret: string): Value | undefined
  /** As `get`, and forgets the value. */
  take(secret: string): Value | undefined
}

export function createExpiringValues<Value>(options: ExpiringValuesOptions): ExpiringValues<Value> {
  const { lifetimeMs, maxCount, now } = options
  // A Map keeps the order of insertion, so the oldest come first.
  const kept = new Map<string, { readonly value: Value; readonly endsAtMs: number }>()

  function makeRoom(): void {
    for (const [secret, { endsAtMs }] of kept) {
      if (endsAtMs > now() && kept.size < maxCount) return
      kept.delete(secret)
    }
  }

  function get(secret: string): Value | undefined {
    const found = kept.get(secret)
    return found !== undefined && found.endsAtMs > now() ? found.value : undefined
  }

  return {
    add(value) {
      makeRoom()
      const secret = randomBytes(32).toString('base64url')
      kept.set(secret, { value, endsAtMs: now() + lifetimeMs })
      return secret
    },
    get,
    take(secret) {
      const value = get(secret)
      kept.delete(secret)
      return value
    },
  }
}
