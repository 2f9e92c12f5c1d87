import { type FieldError, fail, type MfaFailure, type Result, refusedInput, succeed } from './failure.ts'
import { type FactorSetting, type MfaFieldChange, mergeMfaState } from './merge.ts'
import { EMPTY_MFA_STATE, type MfaState, type StoredMfa } from './mfa-state.ts'
import type { MfaUpstream } from './upstream.ts'
import { findUserIdFault, type UserRef } from './user-ref.ts'

/** What a caller wants of one user's MFA. Paths of faults are relative to this. */
export interface SetUserMfaStatus extends UserRef {
  readonly factors: readonly FactorSetting[]
  readonly triggerData: MfaFieldChange & { readonly mfaToken?: string | null | undefined }
}

/** A set that GenAuth confirmed: whose state, by GenAuth's own id, and the whole of what was written. */
export interface MfaStatusSet {
  readonly userId: string
  readonly state: MfaState
}

/**
 * Sets one user's MFA state.
 *
 * Without `mfaToken` the state is read, the wanted parts are laid over it, and the whole is written: two upstream
 * calls. With it the input is the whole new state and nothing is read: one call. A user who is not named by
 * GenAuth's own id costs one more call, first, so that read and write cannot meet two different people.
 */
export async function setUserMfaStatus(
  upstream: MfaUpstream,
  wanted: SetUserMfaStatus,
): Promise<Result<MfaStatusSet>> {
  const faults = findFaults(wanted)
  if (faults.length > 0) return fail(refusedInput(faults))

  const [found] = await upstream.findUserIds([wanted])
  if (found === undefined) throw new Error('The upstream left a user unanswered')
  if (!found.ok) return fail(notApplied(found.failure))
  const user: UserRef = { userId: found.value, userIdType: 'USER_ID' }

  const { mfaToken: givenToken, ...fields } = wanted.triggerData
  const before = givenToken == null ? await upstream.readMfa(user) : succeed(wholeReplacement(givenToken))
  if (!before.ok) return fail(notApplied(before.failure))
  const { mfaToken } = before.value
  if (mfaToken === null) return refuseMissingToken()

  const state = mergeMfaState(before.value.state, fields, wanted.factors)
  const written = await upstream.writeMfa(user, state, mfaToken)
  return written.ok ? succeed({ userId: user.userId, state }) : fail(afterWriting(written.failure))
}

function wholeReplacement(mfaToken: string): StoredMfa {
  return { state: EMPTY_MFA_STATE, mfaToken }
}

function findFaults({ userId, userIdType, factors, triggerData }: SetUserMfaStatus): FieldError[] {
  const faults: FieldError[] = []
  const idFault = findUserIdFault({ userId, userIdType })
  if (idFault !== null) faults.push({ path: ['userId'], message: idFault })
  if (triggerData.mfaToken?.trim() === '') {
    faults.push({
      path: ['triggerData', 'mfaToken'],
      message: 'The token must not be blank; leave it out instead.',
    })
  }
  const seen = new Set<string>()
  for (const [index, { type, sort }] of factors.entries()) {
    if (seen.has(type)) {
      faults.push({ path: ['factors', `${index}`, 'type'], message: 'This factor is named twice.' })
    }
    seen.add(type)
    if (sort != null && (sort < 0 || !Number.isInteger(sort))) {
      faults.push({
        path: ['factors', `${index}`, 'sort'],
        message: 'sort must be a whole number of 0 or more.',
      })
    }
  }
  return faults
}

function refuseMissingToken(): Result<never> {
  const message = 'GenAuth holds no mfaToken for this user; give one.'
  return fail(refusedInput([{ path: ['triggerData', 'mfaToken'], message }]))
}

/** A failure from before the write: nothing was changed, and a caller may rely on it. */
function notApplied(failure: MfaFailure): MfaFailure {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' ? { ...failure, outcome: 'NOT_APPLIED' } : failure
}

function afterWriting(failure: MfaFailure): MfaFailure {
  if (failure.kind !== 'UPSTREAM_UNAVAILABLE') return failure
  switch (failure.reason) {
    case 'NOT_SENT':
    case 'REFUSED_CREDENTIALS':
    case 'UNSUPPORTED':
      return { ...failure, outcome: 'NOT_APPLIED' }
    case 'FAULTY_ANSWER':
    case 'CONNECTION_LOST':
    case 'TIMED_OUT':
      return { ...failure, outcome: 'UNKNOWN' }
  }
}
