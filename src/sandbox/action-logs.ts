import type { StoredMfa } from './user.ts'

/** The actions that GenAuth logs. It spells the two words for factors differently. */
export const ACTION_EVENT_TYPES = [
  'login',
  'logout',
  'register',
  'verifyMfa',
  'updateUserPrefile',
  'updateUserPassword',
  'updateUserEmail',
  'updateUserPhone',
  'bindMfa',
  'bindEmail',
  'bindPhone',
  'unbindPhone',
  'unbindEmail',
  'unbindMFA',
  'refreshUserTokenBySelf',
  'deleteAccount',
  'verifyFirstLogin',
  'securityResourceAccess',
] as const

export type ActionEventType = (typeof ACTION_EVENT_TYPES)[number]

/** An action of a user. */
export interface UserAction {
  userId: string
  eventType: ActionEventType
  isSuccess: boolean
  /** Empty if the action was made through this API, for no application. */
  appId: string
}

export interface ActionLog extends UserAction {
  requestId: string
  /** Milliseconds since 1970. */
  atMs: number
}

/** The oldest logs go first. Reading: GenAuth keeps its logs for some time, which no document names. */
const MAX_LOGS = 100_000
const MAX_LOGS_BEFORE_CUT = MAX_LOGS + 1_000

/** The logs of one sandbox, of what users did in it. */
export class ActionLogs {
  #logs: ActionLog[] = []
  readonly #now: () => number
  readonly #createRequestId: () => string

  constructor(now: () => number, createRequestId: () => string) {
    this.#now = now
    this.#createRequestId = createRequestId
  }

  /** @param atMs the time of an action in the past. By default it is now */
  add(action: UserAction, atMs: number = this.#now()): void {
    this.#logs.push({ ...action, atMs, requestId: this.#createRequestId() })
    if (this.#logs.length > MAX_LOGS_BEFORE_CUT) this.#logs = this.#logs.slice(-MAX_LOGS)
  }

  /** Returns the logs that pass. Reading: the newest comes first, and of one millisecond the one written last. */
  list(isWanted: (log: ActionLog) => boolean): ActionLog[] {
    return this.#logs
      .filter(isWanted)
      .reverse()
      .sort((left, right) => right.atMs - left.atMs)
  }
}

/** Returns what a write has bound and unbound. Reading: GenAuth logs each factor by itself. */
export function findBindingEvents(before: StoredMfa | undefined, after: StoredMfa): ActionEventType[] {
  const had = toBindings(before)
  return toBindings(after).flatMap((binding, index) => {
    const previous = had[index] ?? null
    if (binding === previous) return []
    return binding === null ? ['unbindMFA'] : ['bindMfa']
  })
}

/** Returns what each factor is bound to, in a fixed order. `null` is not bound. */
function toBindings(mfa: StoredMfa | undefined): (string | null)[] {
  return [
    mfa?.mfaPhone ? `${mfa.mfaPhoneCountryCode ?? ''} ${mfa.mfaPhone}` : null,
    mfa?.mfaEmail || null,
    mfa?.totpMfaEnabled ? 'OTP' : null,
    mfa?.faceMfaEnabled ? 'FACE' : null,
  ]
}
