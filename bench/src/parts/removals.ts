import type { Bench } from '../bench.ts'
import { ALL_REMOVALS, type Removal } from '../take-away/removals.ts'
import { startWithout } from '../take-away/start-without.ts'

const CASE = 'set-with-token'
const ONE_REQUEST = { connections: 1, operations: 1 }

/** A removal whose builds were started, and sent one mutation each. */
export interface CheckedRemoval {
  readonly title: string
  /** Why the build without this part alone gives no right answer. `null` if it gives one. */
  readonly alone: string | null
  /** The same of the build without it and all parts above it. */
  readonly inTurn: string | null
}

/** Checks that every build of `take-away` starts, and answers the mutation as the whole server does. */
export async function checkRemovals(bench: Bench): Promise<readonly CheckedRemoval[]> {
  const fault = await findFault(bench, [])
  if (fault !== null) throw new Error(fault)
  const checked: CheckedRemoval[] = []
  for (const [index, removal] of ALL_REMOVALS.entries()) {
    checked.push({
      title: removal.title,
      alone: await findFault(bench, [removal]),
      inTurn: await findFault(bench, ALL_REMOVALS.slice(0, index + 1)),
    })
  }
  return checked
}

async function findFault(bench: Bench, removals: readonly Removal[]): Promise<string | null> {
  try {
    await using running = await startWithout(removals, bench.surroundings)
    await bench.prepare('server-bare', CASE, running, ONE_REQUEST)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : `${error}`
  }
}
