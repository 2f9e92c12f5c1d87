/** A request for an operation, from its arrival until its result is there. */
export interface Work {
  /** It has to wait for something outside this process; what this returns is called when that wait is over. */
  readonly onWait: () => () => void
  readonly end: () => void
}

/** The operations of this process, whether or not whoever asked is still connected. */
export interface InFlightRequests {
  begin(): Work
  readonly underWay: number
  /** Those that do not wait. */
  readonly inFlight: number
  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void>
}

/**
 * Counts operations. One that waits for its client's body, or has a call in the line for GenAuth, is under way but
 * not in flight, whatever its other calls do: how long that takes says nothing of this process, and both have
 * limits of their own.
 */
export function createInFlightRequests(): InFlightRequests {
  let underWay = 0
  let waiting = 0
  let onIdle: (() => void)[] = []

  function begin(): Work {
    let waits = 0
    let hasEnded = false
    underWay++

    return {
      onWait() {
        if (waits++ === 0 && !hasEnded) waiting++
        return () => {
          if (--waits === 0 && !hasEnded) waiting--
        }
      },
      end() {
        if (hasEnded) return
        hasEnded = true
        if (waits > 0) waiting--
        if (--underWay > 0) return
        for (const resolve of onIdle) resolve()
        onIdle = []
      },
    }
  }

  return {
    begin,
    get underWay() {
      return underWay
    },
    get inFlight() {
      return underWay - waiting
    },
    async idle() {
      if (underWay > 0) await new Promise<void>(resolve => onIdle.push(resolve))
    },
  }
}
