import { PAGE, PAGE_WITH_BOUND, RIGHTS, SET, SET_SEVERAL, USER_MFA, USERS } from './documents.js'
import { loseAfter, loseBefore, pass, refuse, timeOutAfter } from './upstream-tap.js'

const id = place => `65a${place.toString(16).padStart(21, '0')}`
const [ADA, GRACE, KATHERINE, CHARLES, MARY, EDSGER] = [1, 2, 4, 6, 9, 10].map(id)

const set = input => ({ query: SET, variables: { input } })
const setSeveral = input => ({ query: SET_SEVERAL, variables: { input } })
const strengthen = { userId: ADA, enable: ['FACE'] }

/**
 * Returns the scenarios for every gateway, in this order, because a write changes the result of the next one.
 *
 * @param users the users subgraph's records
 * @returns name, token, document, preparation, and the user whose write stays in doubt after it
 */
export function createScenarios(users) {
  const [first, second, third] = users.map(user => user.id)
  const list = (...ids) => ({ query: USERS, variables: { ids } })
  const enable = (userId, ...factors) => set({ userId, enable: factors })

  return [
    { name: 'a list of users', ...list(first, second, third) },
    {
      name: 'a list that names one twice, and one whom GenAuth does not know',
      ...list(first, 'nobody', second, first),
    },
    {
      name: 'a list of whom one cannot be read',
      prepare: tap => tap.fail('get-mfa-status', ...threeTimes(refuse(429))),
      query: PAGE,
      variables: { first: 1 },
    },
    { name: 'a page of fifty', query: PAGE, variables: { first: 50 } },
    { name: 'a page of fifty, with what is bound', query: PAGE_WITH_BOUND, variables: { first: 50 } },
    { name: 'a page of more than fifty', query: PAGE, variables: { first: 61 } },
    {
      name: 'a user by e-mail',
      query: USER_MFA,
      variables: { userId: 'ada@example.com', userIdType: 'EMAIL' },
    },
    { name: 'a user by user name', query: USER_MFA, variables: { userId: 'grace', userIdType: 'USERNAME' } },
    { name: 'a user who is not there', query: USER_MFA, variables: { userId: 'x', userIdType: 'USERNAME' } },

    { name: 'SetUserMfaStatusSuccess', ...enable(GRACE, 'OTP') },
    { name: 'SetUserMfaStatusSuccess, nothing to do', ...enable(GRACE, 'OTP') },
    { name: 'SetUserMfaStatusPreview', ...set({ userId: GRACE, disable: ['OTP'], dryRun: true }) },
    { name: 'MfaInvalidInputError', ...set({ userId: ' ', enable: ['OTP'] }) },
    { name: 'MfaUserNotFoundError', ...enable('nobody', 'OTP') },
    { name: 'MfaRevisionConflictError', ...set({ ...strengthen, expectedRevision: 'r1.another' }) },
    { name: 'MfaPolicyViolationError', ...set({ userId: KATHERINE, disable: ['SMS'] }) },
    { name: 'MfaStepUpRequiredError', token: 'weak', ...set({ userId: ADA, disable: ['SMS'] }) },
    { name: 'MfaOperationRefusedError', ...enable(CHARLES, 'SMS') },
    ...Object.entries({
      MfaPlanRequiredError: [refuse(402)],
      MfaUpstreamForbiddenError: [refuse(403)],
      MfaConflictError: [refuse(409)],
      MfaRateLimitedError: threeTimes(refuse(429)),
    }).map(([name, faults]) => ({
      name,
      prepare: tap => tap.fail('set-mfa-status', ...faults),
      ...set(strengthen),
    })),
    {
      name: 'MfaDuplicateUserError and MfaNotAttemptedError',
      ...setSeveral({
        users: [{ userId: GRACE }, { userId: 'grace', userIdType: 'USERNAME' }, { userId: MARY }],
        enable: ['SMS'],
        onError: 'STOP',
      }),
    },

    {
      name: 'a write in doubt: the connection is lost after it',
      prepare: tap => tap.fail('set-mfa-status', loseAfter),
      ...enable(ADA, 'FACE'),
    },
    {
      name: 'a write in doubt: a proxy answers 504 and Retry-After',
      prepare: tap => tap.fail('set-mfa-status', timeOutAfter),
      ...enable(ADA, 'EMAIL'),
    },
    {
      name: 'a write in doubt: the connection is lost before it',
      prepare: tap => tap.fail('set-mfa-status', loseBefore),
      inDoubt: MARY,
      ...enable(MARY, 'EMAIL'),
    },
    {
      name: 'a write in doubt that nobody can look after',
      prepare(tap) {
        tap.fail('set-mfa-status', loseAfter)
        tap.fail('get-mfa-status', pass, ...threeTimes(refuse(500)))
      },
      inDoubt: EDSGER,
      ...enable(EDSGER, 'FACE'),
    },

    { name: 'the rights of a caller', query: RIGHTS },
    { name: 'the rights of a caller without a scope', token: 'none', query: RIGHTS },

    { name: 'a reader who sets', token: 'reader', ...set(strengthen) },
    { name: 'a caller without a scope who lists', token: 'none', ...list(first, second) },
    { name: 'a caller without a scope who sets', token: 'none', ...set(strengthen) },
    { name: 'nobody who lists', token: null, ...list(first, second) },
    { name: 'nobody who sets', token: null, ...set(strengthen) },

    { name: 'a list after GenAuth has stopped', stop: true, ...list(first, second) },
    { name: 'a set after GenAuth has stopped', stop: true, ...set(strengthen) },
  ]
}

/** A fault that ends is retried, up to three attempts in all. */
function threeTimes(fault) {
  return [fault, fault, fault]
}
