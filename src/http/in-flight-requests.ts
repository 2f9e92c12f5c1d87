/** A request for an operation, from its arrival until its result is there. */
export interface Work {
  /**
   * Call it when the request has to wait for something outside this process. Call the function that it returns when
   * that wait is over.
   */
  readonly onWait: () => () => void
  readonly end: () => void
}

/** The operations of this process, even if the client has left. */
export interface InFlightRequests {
  begin(): Work
  readonly underWay: number
  /** The number of operations that do not wait. */
  readonly inFlight: number
  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void>
}

/**
 * Counts operations. An operation is under way but not in flight while it waits for its client's body. The same holds
 * while one of its calls waits for a permit, whatever its other calls do. The length of these waits says nothing about
 * this process, and both waits have limits of their own.
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
