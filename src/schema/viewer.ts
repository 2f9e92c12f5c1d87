import { isWritableTime } from '../base/is-writable-time.ts'
import type { LimitKind } from '../mfa/caller-limits.ts'
import type { DatedLimit } from '../mfa/mfa-service.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { DateTimeType } from './date-time.ts'
import { described } from './enums.ts'

const MfaLimitKindEnum = builder.enumType('MfaLimitKind', {
  description: 'The work that a limit counts.',
  values: described<LimitKind>({
    READS: 'Reads: each place where a user is shown, and each further reading about a user.',
    WRITES: 'Changes: each user to be changed.',
    WEAKENINGS: 'Changes that weaken or redirect a user: each such user. They count as `WRITES`, too.',
    MISSES:
      "Guesses: each identifier other than GenAuth's own id that finds nobody. Some changes of contacts count, too.",
    POLICY:
      'Changes that switch a factor off for the whole user pool or for an application. They count as `WRITES`, too.',
  }),
})

const MfaLimitType = builder.objectRef<DatedLimit>('MfaLimit').implement({
  extensions: { needs: 'NOTHING' },
  description: 'A limit on what one caller does in a window of time. The window begins with the first count.',
  fields: t => ({
    kind: t.expose('kind', { type: MfaLimitKindEnum, description: 'The work that is counted.' }),
    limit: t.exposeInt('limit', { description: 'The most that is allowed in a window.' }),
    windowS: t.exposeInt('windowS', {
      description: 'The length of a window in seconds: an hour for `POLICY`, a minute for the others.',
    }),
    remaining: t.exposeInt('remaining', {
      description:
        "The rest of the limit in this window. Other requests of the caller may use it up first. While replicas cannot share their counts, it is the rest of this replica's share.",
    }),
    resetsAt: t.expose('resetsAt', {
      type: DateTimeType,
      description:
        'The end of the window. The whole limit is then left again, and no part of it before. If nothing is counted at the moment, it is the end of a window that would begin now.',
    }),
  }),
})

const MfaViewerType = builder.objectRef<GraphQLContext['viewer']>('MfaViewer').implement({
  extensions: { needs: 'NOTHING' },
  description: 'The rights of the caller, and how much of each limit is left.',
  fields: t => ({
    scopes: t.stringList({
      description:
        "The scopes of the caller's token that this server knows, by the issuer's names. Their order is: reading, changing, reporting, policies, histories. Empty if the token has none of them.",
      resolve: ({ scopeNames }) => [...scopeNames],
    }),
    mayRead: t.boolean({
      description:
        '`true` if the caller may read: the token has the scope for reading or the one for changing.',
      resolve: (_viewer, _args, { may }) => may('READ'),
    }),
    mayWrite: t.boolean({
      description:
        '`true` if the caller may make changes: the token has the scope for it. Guard rails may still refuse a change.',
      resolve: (_viewer, _args, { may }) => may('WRITE'),
    }),
    mayReport: t.boolean({
      description:
        '`true` if the caller may start scans of who has no MFA, and read what they found: the token has the scope for it. Neither reading nor changing includes it.',
      resolve: (_viewer, _args, { may }) => may('REPORT'),
    }),
    maySetPolicy: t.boolean({
      description:
        '`true` if the caller may change the factors of the whole user pool and of its applications: the token has the scope for it. No other scope includes it. Guard rails may still refuse a change.',
      resolve: (_viewer, _args, { may }) => may('POLICY'),
    }),
    maySeeHistory: t.boolean({
      description:
        '`true` if the caller may read the history of a user: the token has the scope for it. No other scope includes it. The scope for reading is needed, too.',
      resolve: (_viewer, _args, { may }) => may('AUDIT'),
    }),
    signedInAt: t.field({
      type: DateTimeType,
      nullable: true,
      description:
        "The time of the caller's last sign-in, the token's `auth_time`. `null` if the token has none, or none in the past that has a year of four digits.",
      resolve: ({ authTimeS }) => toDate(authTimeS),
    }),
    limits: t.field({
      type: [MfaLimitType],
      directives: { listSize: { assumedSize: 5 } },
      description:
        'The limits of this caller, in the order of `MfaLimitKind`. Empty if this server has none.',
      resolve: async (_viewer, _args, { mfa }) => [...(await mfa.limits())],
    }),
  }),
})

builder.queryField('mfaViewer', t =>
  t.field({
    type: MfaViewerType,
    extensions: { needs: 'NOTHING' },
    directives: { tag: { name: 'admin' } },
    description:
      'The rights of the caller, and how much of each limit is left. You need a valid token and no scope. It costs no call to GenAuth, and counts towards no limit. Safe to repeat.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
)

/** A token may hold any number. */
function toDate(timeS: number | null): Date | null {
  if (timeS === null) return null
  const date = new Date(timeS * 1_000)
  return isWritableTime(date) ? date : null
}
