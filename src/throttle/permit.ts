/**
 * Leave to send one request. It ends once: when the request begins to be written, or when it is given back. After that
 * both do nothing, so that every holder can give it back whatever has happened.
 */
export interface Permit {
  /** The request begins to be written. */
  sent(): void
  /** The request will not be written, unless it was. An unused permit counts like a request that is sent now. */
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
