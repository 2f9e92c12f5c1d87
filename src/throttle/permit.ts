/**
 * Allows one request to be sent. A permit ends once: when the request begins to be written, or when its holder releases
 * it. After that both methods do nothing, so that every holder can release it in any case.
 */
export interface Permit {
  /** Reports that the request begins to be written. */
  sent(): void
  /** Ends the permit if its request was not written. An unused permit counts like a request that is sent now. */
  release(): void
}

export function createPermit(onEnd: () => void): Permit {
  let hasEnded = false
  const end = () => {
    if (hasEnded) return
    hasEnded = true
    onEnd()
  }
  return { sent: end, release: end }
}
