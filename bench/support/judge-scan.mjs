// Compares what a scan says with what was true. It uses no code of the server.
import { belongs } from './random-population.mjs'

const LISTS = ['list-users', 'list-group-members']
const BINDINGS = 'get-user-mfa-info'
const FACTORS = 'get-mfa-status'
const KNOWN = ['SMS', 'EMAIL', 'OTP', 'FACE']

/**
 * Returns the false statements of a scan that has ended, and notes that are no lies.
 *
 * If a scan is whole, its rows are exactly the population as it was when the last list was read.
 *
 * A row is true if each of its facts was true at some moment between the arrival of its call and `readAt`. GenAuth
 * decides in that time which state it returns. The facts of the list come with the page of the user. That page is the
 * last or the last but one before the user was asked for.
 *
 * @param scan as the server returns it
 * @param read the rows and counts of the scan, as the server returns them
 * @param population the input that it was started with
 * @param pool a moving pool
 * @param wasKilled whether the server was killed during the scan. Then calls of a page that was not stored are not counted
 * @param calls the requests that arrived at GenAuth from the start of the scan to its end
 */
export function judgeScan({ scan, read, population, pool, calls, wasKilled }) {
  const lies = []
  const say = (lie, more = {}) => lies.push({ lie, ...more })
  const lists = calls.filter(({ endpoint }) => LISTS.includes(endpoint))
  const [fromMs, toMs] = [lists[0]?.atMs ?? 0, lists.at(-1)?.atMs ?? 0]
  // GenAuth makes the last list after its request has arrived and before the next one does.
  const listedByMs = calls[calls.indexOf(lists.at(-1)) + 1]?.atMs ?? toMs
  const notes = { changedByReadAt: 0, missed: 0, wholeAfterMoves: 0, cautious: 0 }

  judgeCounts({ scan, read, calls, wasKilled, say })
  for (const row of read.rows) {
    const found = judgeRow({ row, scan, population, pool, calls, lists, fromMs })
    for (const lie of found.lies) say(lie, { user: row.userId, row })
    if (found.hasChanged) notes.changedByReadAt++
  }

  const inRows = new Set(read.rows.map(row => row.userId))
  if (inRows.size !== read.rows.length) say('a user in two rows')
  let moved = 0
  for (const userId of new Set([...pool.userIds(), ...inRows])) {
    const isMember = facts => belongs(userId, facts, population)
    const was = pool.between(userId, fromMs, toMs).map(isMember)
    const isInRows = inRows.has(userId)
    if (was.some(one => one !== was[0])) moved++
    if (scan.status === 'SUCCEEDED' && was.every(Boolean) && !isInRows) notes.missed++
    if (!scan.isWhole) continue
    if (!pool.between(userId, toMs, listedByMs).some(facts => isMember(facts) === isInRows)) {
      say(isInRows ? 'whole with somebody else' : 'whole without a member', { user: userId })
    }
  }
  if (scan.status === 'FAILED') say('failed, although GenAuth shows everything', { failure: scan.failure })
  if (scan.isWhole && scan.status !== 'SUCCEEDED') say('whole, and not successful')
  if (scan.isWhole && moved > 0) notes.wholeAfterMoves++
  if (!scan.isWhole && scan.status === 'SUCCEEDED' && moved === 0) {
    // GenAuth's list may hold others than the population, and it may have moved at the last moment.
    if (pool.hasMovedLists()) notes.cautious++
    else say('not whole, although no list moved')
  }
  return { lies, notes, moved }
}

function judgeCounts({ scan, read, calls, wasKilled, say }) {
  const { rows, summary, totalCount } = read
  if (scan.seen !== rows.length) say('seen is not the number of rows', { seen: scan.seen, rows: rows.length })
  if (totalCount !== rows.length) say('totalCount is not the number of rows', { totalCount })
  if (summary.users !== rows.length) say('the summary counts other users', { summary, rows: rows.length })
  const unbound = rows.filter(({ boundFactors }) => boundFactors?.length === 0).length
  if (scan.depth !== 'ACTIVITY' && summary.withoutBoundFactor !== unbound) {
    say('withoutBoundFactor is wrong', { said: summary.withoutBoundFactor, unbound })
  }
  if (summary.neverVerified !== rows.filter(({ lastMfaAt }) => lastMfaAt === null).length) {
    say('neverVerified is wrong', { said: summary.neverVerified })
  }
  if (scan.depth !== 'ACTIVITY') {
    for (const { type, bound, enabled } of summary.byFactor) {
      const found = rows.filter(({ boundFactors }) => boundFactors?.includes(type)).length
      const foundOn = rows.filter(({ enabledFactors }) => enabledFactors?.includes(type)).length
      const isOn = scan.depth === 'FULL' ? enabled === foundOn : enabled === null
      if (bound !== found || !isOn) say('byFactor is wrong', { type, bound, found, enabled, foundOn })
    }
  }
  for (const { posture, count } of summary.byPosture ?? []) {
    const found = rows.filter(row => row.posture === posture).length
    if (count !== found) say('byPosture is wrong', { posture, count, found })
  }
  if ((summary.byPosture === null) === (scan.depth === 'FULL')) say('byPosture at another depth')
  const departmentIds = new Set(rows.flatMap(row => row.departmentIds))
  if (summary.byDepartment.length !== departmentIds.size) say('byDepartment names other departments')
  for (const { departmentId, users, withoutBoundFactor } of summary.byDepartment) {
    const members = rows.filter(row => row.departmentIds.includes(departmentId))
    const unboundMembers = members.filter(({ boundFactors }) => boundFactors?.length === 0).length
    const isRight = withoutBoundFactor === (scan.depth === 'ACTIVITY' ? null : unboundMembers)
    if (users !== members.length || !isRight) say('byDepartment is wrong', { departmentId, users })
  }
  if (scan.unreadable > 0) say('unreadable, although GenAuth answers', { unreadable: scan.unreadable })
  if (scan.status !== 'CANCELLED' && !wasKilled && scan.upstreamCalls !== calls.length) {
    say('upstreamCalls is wrong', { said: scan.upstreamCalls, arrived: calls.length })
  }
}

function judgeRow({ row, scan, population, pool, calls, lists, fromMs }) {
  const lies = []
  const userId = row.userId
  const readAtMs = Date.parse(row.readAt)
  const own = calls.filter(({ params, atMs }) => params.userId === userId && atMs <= readAtMs)
  const listedBeforeMs = own[0]?.atMs ?? readAtMs
  const listed = lists.filter(({ atMs }) => atMs <= listedBeforeMs)
  const listedFromMs = (listed.at(-2) ?? listed.at(-1))?.atMs
  if (listedFromMs === undefined) return { lies: ['a row that nobody asked for'], hasChanged: true }

  const ofList = facts => facts !== null && toListFacts(row) === toTrueListFacts(facts)
  const isTrue = pool
    .between(userId, listedFromMs, readAtMs)
    .some(facts => ofList(facts) && belongs(userId, facts, { ...population, exceptGroups: [] }))
  if (!isTrue) lies.push('a row that was not so, or not of the population')
  // The groups that are left out are read first.
  const { exceptGroups = [] } = population
  const isExcepted = facts => facts !== null && exceptGroups.some(code => facts.groups.includes(code))
  if (pool.between(userId, fromMs, readAtMs).every(isExcepted)) lies.push('a row of a group that is left out')

  const isBound = facts => facts !== null && sameSet(row.boundFactors, facts.bound)
  const isEnabled = facts => facts !== null && sameSet(row.enabledFactors, facts.enabled)
  lies.push(
    ...judgeCall('boundFactors', BINDINGS, scan.depth !== 'ACTIVITY', isBound),
    ...judgeCall('enabledFactors', FACTORS, scan.depth === 'FULL', isEnabled),
  )
  if (row.posture !== toPosture(row)) lies.push('a posture that does not follow from the factors')
  const hasChanged = !pool
    .between(userId, readAtMs, readAtMs)
    .some(
      facts =>
        ofList(facts) &&
        (row.boundFactors === null || isBound(facts)) &&
        (row.enabledFactors === null || isEnabled(facts)),
    )
  return { lies, hasChanged }

  function judgeCall(field, endpoint, isAsked, fits) {
    if (!isAsked) return row[field] === null ? [] : [`${field}, which the depth does not ask for`]
    const call = own.filter(one => one.endpoint === endpoint).at(-1)
    if (call === undefined) return row[field] === null ? [] : [`${field} without a call`]
    return pool.between(userId, call.atMs, readAtMs).some(fits) ? [] : [`false ${field}`]
  }
}

function toListFacts({ status, departmentIds, lastMfaAt, lastSignInAt }) {
  return JSON.stringify([status, departmentIds.toSorted().join(), toMs(lastMfaAt), toMs(lastSignInAt)])
}

function toTrueListFacts({ status, departmentIds, lastMfaMs, lastSignInMs }) {
  return JSON.stringify([status, departmentIds, lastMfaMs, lastSignInMs])
}

function toMs(text) {
  return text === null ? null : Date.parse(text)
}

function sameSet(said, real) {
  return said !== null && said.toSorted().join() === real.toSorted().join()
}

function toPosture({ boundFactors, enabledFactors }) {
  if (boundFactors === null || enabledFactors === null) return null
  if (enabledFactors.length === 0) return 'UNPROTECTED'
  const known = enabledFactors.filter(code => KNOWN.includes(code))
  if (known.some(code => boundFactors.includes(code))) return 'PROTECTED'
  return known.length > 0 ? 'PENDING' : 'UNKNOWN'
}
