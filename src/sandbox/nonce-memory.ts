export interface NonceMemory {
  /** Remembers a nonce; false when it is remembered already. */
  use(nonce: string): boolean
}

/** Forgets a nonce after `memoryMs`; by then the date that it was signed with must be out of tolerance. */
export function createNonceMemory(memoryMs: number, now: () => number): NonceMemory {
  // A Map keeps the order of insertion, so the oldest come first.
  const usedAtMs = new Map<string, number>()

  function forgetOld(nowMs: number): void {
    for (const [nonce, atMs] of usedAtMs) {
      if (nowMs - atMs <= memoryMs) {
        return
      }
      usedAtMs.delete(nonce)
    }
  }

  return {
    use(nonce) {
      const nowMs = now()
      forgetOld(nowMs)
      if (usedAtMs.has(nonce)) {
        return false
      }
      usedAtMs.set(nonce, nowMs)
      return true
    },
  }
}
