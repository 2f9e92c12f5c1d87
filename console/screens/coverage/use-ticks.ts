import { useState } from 'preact/hooks'

/** The most that one operation of the API changes. */
export const MAX_TICKED = 50

export interface Ticks {
  /** GenAuth's ids, in the order of their choice. */
  readonly ticked: readonly string[]
  /** Returns `false` if not all of them fit. Those that fit are then taken. */
  tick(userIds: readonly string[], isTicked: boolean): boolean
}

/** The people who are chosen, on all pages together. */
export function useTicks(): Ticks {
  const [ticked, setTicked] = useState<readonly string[]>([])
  return {
    ticked,
    tick(userIds, isTicked) {
      const wanted = isTicked
        ? [...new Set([...ticked, ...userIds])]
        : ticked.filter(id => !userIds.includes(id))
      setTicked(wanted.slice(0, MAX_TICKED))
      return wanted.length <= MAX_TICKED
    },
  }
}
