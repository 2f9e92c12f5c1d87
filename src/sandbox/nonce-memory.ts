export interface NonceMemory {
  /** Remembers a nonce. Returns `false` if it is already remembered. */
  use(nonce: string): boolean
}

/** Creates a memory that forgets a nonce after `memoryMs`. By then the nonce's signed date must be out of tolerance. */
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
