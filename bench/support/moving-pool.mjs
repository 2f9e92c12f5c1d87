// The users of a sandbox, what became of each and when. It says the truth about each moment.
import { DEPARTMENTS } from '../../dist/sandbox/departments.js'
import { GROUPS } from '../../dist/sandbox/groups.js'
import { toUserId } from '../../dist/sandbox/user-id.js'
import { belongs } from './random-population.mjs'

const STATUSES = ['Activated', 'Activated', 'Suspended', 'Resigned', 'Archived', 'Deactivated']
const FACTORS = ['SMS', 'EMAIL', 'OTP', 'FACE', 'PASSKEY']
/** Before any moment. */
const EVER = Number.NEGATIVE_INFINITY

/**
 * Watches the users of a new sandbox.
 *
 * @param pool of the sandbox
 * @param count the users that it has
 */
export function createMovingPool(pool, count) {
  /** The states of each user and the times since when they hold, the newest last, by the ID of the user. `null` is a user who is not there. */
  const histories = new Map()
  let listsHaveMoved = false
  for (let place = 1; place <= count; place++) note(toUserId(place), EVER)

  function note(userId, atMs = Date.now()) {
    const history = histories.get(userId) ?? [{ atMs: EVER, facts: null }]
    const user = pool.find(userId)
    histories.set(userId, [...history, { atMs, facts: user === undefined ? null : toFacts(user) }])
  }

  function present() {
    return [...histories].filter(([, history]) => history.at(-1).facts !== null).map(([userId]) => userId)
  }

  /** All but the last can let users come to a population or leave it. */
  const MOVES = {
    add: () => pool.add(),
    remove: userId => pool.remove(userId),
    setStatus: (userId, random) => pool.setStatus(userId, random.pick(STATUSES)),
    setDepartments: (userId, random) =>
      pool.setDepartments(
        userId,
        random.pickSome(DEPARTMENTS, random.between(0, 2)).map(({ departmentId }) => departmentId),
      ),
    setLastLogin: (userId, random) => pool.setLastLogin(userId, toLogin(random)),
    setMfa: (userId, random) => pool.setMfa(userId, toMfa(random)),
  }

  return {
    names: Object.keys(MOVES),
    present,
    /** Makes one move, of a random user. Returns the move in words. */
    move(name, random) {
      const userId = random.pick(present())
      const moved = MOVES[name](userId, random) ?? userId
      listsHaveMoved ||= name !== 'setMfa'
      note(moved)
      return `${name} ${moved.slice(-4)}`
    },
    /** Forgets what was, before another scan. */
    forget() {
      listsHaveMoved = false
      for (const [userId, history] of histories) {
        const { facts } = history.at(-1)
        if (facts === null) histories.delete(userId)
        else histories.set(userId, [{ atMs: EVER, facts }])
      }
    },
    /** Counts the users who belong to a population now. */
    count: population =>
      [...histories].filter(([userId, history]) => belongs(userId, history.at(-1).facts, population)).length,
    /** Tells whether a list of users may have changed. */
    hasMovedLists: () => listsHaveMoved,
    userIds: () => [...histories.keys()],
    /** Returns what was so of a user at some moment of a time, in order. A member is `null` while they were not there. */
    between(userId, fromMs, toMs) {
      const history = histories.get(userId) ?? []
      const isLater = next => next === undefined || next.atMs >= fromMs
      return history
        .filter(({ atMs }, n) => atMs <= toMs && isLater(history[n + 1]))
        .map(({ facts }) => facts)
    },
  }
}

function toFacts(user) {
  const { mfa } = user
  return {
    status: user.status.toUpperCase(),
    departmentIds: user.departmentIds.toSorted().join(),
    lastSignInMs: toMs(user.lastLogin),
    lastMfaMs: toMs(user.lastMfaTime),
    signedInTo: user.loggedInApps,
    groups: GROUPS.filter(group => group.has(user)).map(({ code }) => code),
    bound: toBound(mfa),
    enabled: (mfa?.applicationMfa ?? [])
      .filter(({ status }) => status === 1)
      .map(({ mfaPolicy }) => mfaPolicy),
  }
}

function toBound(mfa) {
  const bound = {
    SMS: mfa?.mfaPhone,
    EMAIL: mfa?.mfaEmail,
    OTP: mfa?.totpMfaEnabled,
    FACE: mfa?.faceMfaEnabled,
  }
  return Object.keys(bound).filter(type => bound[type])
}

function toMs(text) {
  return text === null ? null : Date.parse(text)
}

function toLogin(random) {
  return random.chance(0.2) ? null : new Date(Date.UTC(2026, 0, random.between(1, 300))).toISOString()
}

function toMfa(random) {
  const [isPhone, isMail, totpMfaEnabled, faceMfaEnabled] = [0.4, 0.3, 0.3, 0.1].map(random.chance)
  return {
    mfaPhone: isPhone ? '13800000001' : null,
    mfaPhoneCountryCode: isPhone ? '+86' : null,
    mfaEmail: isMail ? 'ada@example.com' : null,
    nickname: null,
    username: null,
    phone: null,
    phoneCountryCode: null,
    totpMfaEnabled,
    faceMfaEnabled,
    applicationMfa: random
      .pickSome(FACTORS, random.between(0, FACTORS.length))
      .map((mfaPolicy, sort) => ({ mfaPolicy, status: random.chance(0.7) ? 1 : 0, sort })),
  }
}
