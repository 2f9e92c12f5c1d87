import type { CoverageOrder } from '../../coverage/coverage-order.ts'
import { parseRowCursor, toRowCursor } from '../../coverage/row-cursor.ts'
import { codedError } from '../coded-error.ts'
import type { GraphQLContext } from '../context.ts'
import type { CoverageConnection } from './connection.ts'
import type { CoverageSource } from './coverage-source.ts'
import { fromStore } from './from-store.ts'

/** The arguments of a page. */
export interface PageArguments {
  readonly first: number
  readonly after?: string | null | undefined
  readonly orderBy: CoverageOrder
}

const MAX_FIRST = 50

/**
 * Reads one page of rows.
 *
 * @throws an error with the code `INVALID_INPUT` whose message names the argument at fault
 */
export async function readPage(
  { scan, filter, coverage }: CoverageSource,
  { first, after, orderBy: order }: PageArguments,
  { countRefusal }: GraphQLContext,
): Promise<CoverageConnection> {
  const scope = { scanId: scan.id, order, filter }
  const place = after == null ? 0 : parseRowCursor(scope, after)
  if (first < 1 || first > MAX_FIRST) return refuse(`first must be from 1 to ${MAX_FIRST}.`)
  if (place === null) {
    return refuse('after is no cursor of this scan, filter and order. Leave it out to begin again.')
  }
  const page = await fromStore(() => coverage.rows(scan.id, { filter, after: place, first, order }))
  if (page.rows.length === 0) await requireScan()
  return {
    edges: page.rows.map(found => ({ cursor: toRowCursor(scope, found.place), row: found.row })),
    hasPreviousPage: place > 0,
    hasNextPage: page.hasMore,
    countAll: async () => (await fromStore(() => coverage.count(scan.id, filter))) ?? refuseRemoved(),
  }

  /** Without this, a scan that was removed a moment ago would seem to have no such rows. */
  async function requireScan(): Promise<void> {
    if ((await fromStore(() => coverage.find(scan.id))) !== null) return
    refuseRemoved()
  }

  function refuseRemoved(): never {
    throw new Error('The scan was removed while it was read')
  }

  function refuse(message: string): never {
    countRefusal()
    throw codedError('INVALID_INPUT', message)
  }
}
