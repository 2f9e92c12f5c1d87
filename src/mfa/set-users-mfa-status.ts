import type { ChangeScope } from './caller-scope.ts'
import { findChangeFaults, findUserFaults } from './change-faults.ts'
import { changeUser } from './change-user.ts'
import { fail, type MfaFailure, notApplied, type Result, refusedInput, succeed, under } from './failure.ts'
import type { FieldError } from './failure-details.ts'
import { findUserIds } from './find-user-ids.ts'
import { JournalUnavailableError } from './journal-port.ts'
import type { FactorChangeInput, SelectedParts, UserChange } from './user-change.ts'
import { findUserCountFault, foldUserRef, type UserRef } from './user-ref.ts'

/** The treatment of the other users after one fails. */
export type OnError = 'CONTINUE' | 'STOP'

/** The same change for several users. Paths of faults are relative to this. */
export interface SetUsersMfaStatus extends FactorChangeInput {
  readonly users: readonly (UserRef & { readonly expectedRevision?: string | null | undefined })[]
  readonly onError: OnError
  readonly dryRun: boolean
  readonly allowNoFactor: boolean
  readonly reason: string | null
}

/** The number of users that are changed at the same time. GenAuth allows a whole pool 300 requests a second. */
const MAX_CONCURRENT_USERS = 8

/**
 * Changes several users, each by itself and without a transaction. The results are in the order of the users.
 * Identifiers are looked up first, together. A user that is named twice, by any identifiers, is changed once. With
 * `STOP` the users are changed one after another, and none after the first that fails.
 */
export async function setUsersMfaStatus(
  scope: ChangeScope,
  wanted: SetUsersMfaStatus,
  selected: SelectedParts,
): Promise<Result<Result<UserChange>[]>> {
  const faults = findFaults(wanted)
  if (faults.length > 0) return fail(refusedInput(faults))
  const users = wanted.users.map(user => ({ ...user, ...foldUserRef(user) }))
  const found = await resolveUsers(scope, users)

  const { factors, enable, disable, dryRun, allowNoFactor, reason } = wanted
  // If the journal fails, earlier changes must still be returned. There is no payload only if nothing was changed.
  let unrecorded: JournalUnavailableError | null = null
  const changeOne = async (index: number): Promise<Result<UserChange>> => {
    const genauthId = found[index]
    if (genauthId === undefined || !genauthId.ok) return genauthId ?? fail(notAttempted())
    const { expectedRevision = null, ...given } = users[index] ?? unnamed()
    const wish = {
      factors,
      enable,
      disable,
      dryRun,
      allowNoFactor,
      reason,
      expectedRevision,
      triggerData: {},
      takesBack: null,
    }
    if (unrecorded !== null) return fail(notAttempted())
    const user = { genauthId: genauthId.value, given }
    const result = await changeUser(scope, user, wish, selected).catch((error: unknown) => {
      if (!(error instanceof JournalUnavailableError)) throw error
      unrecorded = error
      return fail(notAttempted())
    })
    return result.ok ? result : fail(under(toPath(index), result.failure))
  }
  const results =
    wanted.onError === 'STOP'
      ? await untilFirstFailure(found.length, changeOne)
      : await together(found.length, changeOne)
  if (unrecorded !== null && !results.some(mayHaveWritten)) throw unrecorded
  return succeed(results)
}

function findFaults(wanted: SetUsersMfaStatus): FieldError[] {
  const countFault = findUserCountFault(wanted.users.length)
  const faults = findChangeFaults(wanted)
  return countFault === null ? faults : [{ path: ['users'], message: countFault }, ...faults]
}

/** Returns GenAuth's own ids in the order of the users, or why a user has none or is not changed. */
async function resolveUsers(
  scope: ChangeScope,
  users: SetUsersMfaStatus['users'],
): Promise<Result<string>[]> {
  const faults = users.map(findUserFaults)
  const results = await findUserIds(
    scope,
    users.filter((_, index) => faults[index]?.length === 0),
  )
  const next = results.values()
  const firstIndexes = new Map<string, number>()
  return users.map((_, index) => {
    const path = toPath(index)
    const fault = faults[index] ?? []
    if (fault.length > 0) return fail(under(path, refusedInput(fault)))
    const found = next.next().value
    if (found === undefined) throw new Error('The upstream left a user unanswered')
    if (!found.ok) return fail(under(path, notApplied(found.failure)))
    const firstIndex = firstIndexes.get(found.value)
    if (firstIndex !== undefined) return fail({ kind: 'DUPLICATE_USER', upstream: null, firstIndex })
    firstIndexes.set(found.value, index)
    return found
  })
}

async function untilFirstFailure<T>(
  count: number,
  work: (index: number) => Promise<Result<T>>,
): Promise<Result<T>[]> {
  const results: Result<T>[] = []
  while (results.length < count) {
    const result = results.at(-1)?.ok === false ? fail(notAttempted()) : await work(results.length)
    results.push(result)
  }
  return results
}

async function together<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  const indexes = Array(count).keys()
  const worker = async () => {
    for (const index of indexes) results[index] = await work(index)
  }
  await Promise.all(Array.from({ length: Math.min(count, MAX_CONCURRENT_USERS) }, worker))
  return results
}

function mayHaveWritten(result: Result<UserChange>): boolean {
  return result.ok || (result.failure.kind === 'UPSTREAM_UNAVAILABLE' && result.failure.outcome === 'UNKNOWN')
}

function unnamed(): never {
  throw new Error('A result without a user')
}

function notAttempted(): MfaFailure {
  return { kind: 'NOT_ATTEMPTED', upstream: null }
}

function toPath(index: number): string[] {
  return ['users', `${index}`]
}
