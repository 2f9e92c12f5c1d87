import type { Clock } from '../base/clock.ts'
import { type Result, succeed } from '../mfa/failure.ts'
import { createKeptRead, type KeptRead } from '../mfa/kept-read.ts'
import { foldGenAuthId } from '../mfa/user-ref.ts'
import type { Exemption } from './forecast-facts.ts'
import { type ForecastUpstream, type ForecastUpstreamFor, MAX_PAGE_ROWS } from './forecast-upstream.ts'

/** GenAuth finds no user in its list, so the whole list is read, unless it has more pages than this. */
const MAX_PAGES = 4

/** The users who are not asked for a second factor, as far as they could be read. */
export interface Exemptions {
  readonly userIds: ReadonlySet<string>
  /** `false` if others may be exempt, too. */
  readonly isWhole: boolean
}

/** Nobody is exempt by a list of which only a part would be read, so that the order of the list decides nothing. */
const TOO_MANY: Exemptions = { userIds: new Set(), isWhole: false }

/** Reads the list at most once a minute, for any number of callers. */
export function createExemptions(upstreamFor: ForecastUpstreamFor, clock: Clock): KeptRead<Exemptions> {
  return createKeptRead(context => readExemptions(upstreamFor(context)), clock)
}

/** Returns whether a user is exempt. A list that could not be read says nothing about anybody. */
export function findExemption(userId: string, read: Result<Exemptions>): Exemption {
  if (!read.ok) return 'UNKNOWN'
  const { userIds, isWhole } = read.value
  if (userIds.has(foldGenAuthId(userId))) return 'EXEMPT'
  return isWhole ? 'NOT_EXEMPT' : 'UNKNOWN'
}

/**
 * An entry that could not be read may be anybody's. So may one that moved to another page between two reads. One page
 * then has an entry of another page, or the count has changed.
 */
async function readExemptions(upstream: ForecastUpstream): Promise<Result<Exemptions>> {
  const userIds = new Set<string>()
  const entryIds = new Set<string>()
  const counts = new Set<number>()
  let entries = 0
  for (let page = 1; page <= MAX_PAGES; page++) {
    const read = await upstream.listExemptions(page)
    if (!read.ok) return read
    const { totalCount } = read.value
    if (totalCount > MAX_PAGES * MAX_PAGE_ROWS) return succeed(TOO_MANY)
    for (const userId of read.value.exemptUserIds) userIds.add(userId)
    for (const id of read.value.entryIds) entryIds.add(id)
    counts.add(totalCount)
    entries += read.value.entries
    if (entries >= totalCount || read.value.entries === 0) break
  }
  const isWhole = counts.size === 1 && counts.has(entries) && entryIds.size === entries
  return succeed({ userIds, isWhole })
}
