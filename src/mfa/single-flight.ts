import { type Deadline, within } from '../base/deadline.ts'
import { fail, notSent, type Result } from './failure.ts'

/** Reads that are under way, for others who want the same to wait for. */
export interface SingleFlight<T> {
  /** Waits for the read of this name that is under way, or begins one. */
  join(name: string, deadline: Deadline, begin: () => Promise<Result<T>>): Promise<Result<T>>
  /** Nobody joins from now on what is under way. */
  close(): void
}

/**
 * Emptied when it has landed: what a map held that changes all the time is kept by V8 until its next full collection.
 */
interface Flight<T> {
  result: Promise<Result<T>> | null
}

/**
 * Nothing is kept beyond the flight. Whoever began it may have had less time, or may have left: of what says no more
 * than that, everybody makes an attempt of his own.
 */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  function start(name: string, begin: () => Promise<Result<T>>): Promise<Result<T>> {
    const result = begin()
    const flight: Flight<T> = { result }
    flights.set(name, flight)
    const land = () => {
      if (flights.get(name) === flight) flights.delete(name)
      flight.result = null
    }
    result.then(land, land)
    return result
  }

  return {
    async join(name, deadline, begin) {
      const underWay = flights.get(name)?.result ?? null
      if (underWay === null) return start(name, begin)
      const result = await within(deadline, underWay, () => fail(notSent()))
      const isOwnAffair =
        !result.ok &&
        (result.failure.kind === 'UPSTREAM_UNAVAILABLE' || result.failure.kind === 'RATE_LIMITED')
      return isOwnAffair ? begin() : result
    },
    close() {
      if (flights.size > 0) flights.clear()
    },
  }
}
