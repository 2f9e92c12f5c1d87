import type { GraphQLError } from 'graphql'
import { isBound, type MfaBindings, toPosture } from '../mfa/bindings.ts'
import { inSignInOrder, type MfaFactor, toMfaFactorType } from '../mfa/factor.ts'
import type { MfaFailure, Result } from '../mfa/failure.ts'
import type { SeenMfa } from '../mfa/failure-details.ts'
import { maskEmail, maskPhone } from '../mfa/mask.ts'
import type { StoredMfa } from '../mfa/mfa-state.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { codedError, toFailureError } from './coded-error.ts'
import { MfaFactorTypeEnum, MfaPostureEnum } from './enums.ts'

/** One user's state, and by which identifier more can be asked about that user. */
export type UserMfaSource = SeenMfa

/** A user of the supergraph, by the id that it knows the user by. */
export interface UserSource {
  readonly id: string
  /** What was read, and counted, when the user was looked for. Null: nothing was. */
  readonly mfa: Result<StoredMfa> | null
}

interface MfaFactorSource {
  readonly user: UserRef
  readonly factor: MfaFactor
}

export const UserType = builder.objectRef<UserSource>('User')

const MfaFactorObject = builder.objectRef<MfaFactorSource>('MfaFactor').implement({
  extensions: { needs: 'READ' },
  description: "One entry in a user's list of second factors.",
  fields: t => ({
    code: t.string({
      description:
        'As GenAuth spells it (`mfaPolicy`), so that a factor which this version does not know is still seen.',
      resolve: ({ factor }) => factor.code,
    }),
    type: t.field({
      type: MfaFactorTypeEnum,
      nullable: true,
      description:
        'The same as a type. Null when this version does not know the code; such a factor is kept by every write.',
      resolve: ({ factor }) => toMfaFactorType(factor.code),
    }),
    enabled: t.boolean({
      description:
        "Whether it is switched on (`status`). Not whether the user has it: see `bound`. GenAuth's own sign-in pages may offer a factor that is off.",
      resolve: ({ factor }) => factor.enabled,
    }),
    sort: t.int({
      description:
        'Place in the sign-in order, ascending; the smallest is offered first. Equal numbers are normal.',
      resolve: ({ factor }) => toInt(factor.sort),
    }),
    bound: t.boolean({
      nullable: true,
      // One call, shared by the factors of the user.
      directives: { cost: { weight: 3 } },
      description:
        'Whether the user has really bound it. `null` if GenAuth cannot tell, or if it could not be asked: an error of code `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED` then stands at this path. Costs one more read for each user, which counts for the caller.',
      resolve: async ({ factor, user }, _args, { mfa: { reads } }) =>
        toMfaFactorType(factor.code) === null
          ? null
          : isBound(factor, orUnavailable(await reads.bindings(user))),
    }),
  }),
})

export const UserMfaType = builder.objectRef<UserMfaSource>('UserMfa').implement({
  extensions: { needs: 'READ' },
  description: "What GenAuth holds for one user's second factors.",
  fields: t => ({
    user: t.field({
      type: UserType,
      nullable: true,
      directives: { cost: { weight: 10 } },
      description:
        'Whose it is, by the kind of id that the supergraph knows users by, whatever identifier was given. Costs one more read, which counts for the caller, unless that kind is `USER_ID` and the user was named by it. `null` if this user has no id of that kind, or if GenAuth could not be asked: an error of code `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED` then stands at this path.',
      resolve: async ({ user }, _args, { mfa: { reads } }): Promise<UserSource | null> => {
        const id = orUnavailable(await reads.entityId(user))
        return id === null ? null : { id, mfa: null }
      },
    }),
    factors: t.field({
      type: [MfaFactorObject],
      directives: { listSize: { assumedSize: 4 } },
      description: 'All factors in sign-in order: by `sort`, ties in the order in which GenAuth lists them.',
      resolve: ({ user, state }) => inSignInOrder(state.factors).map(factor => ({ user, factor })),
    }),
    posture: t.field({
      type: MfaPostureEnum,
      nullable: true,
      directives: { cost: { weight: 10 } },
      description:
        'What it amounts to. Costs one more read, which counts for the caller, when any factor is on. `null`, with an error of code `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED`, if GenAuth could not be asked.',
      resolve: async ({ user, state }, _args, { mfa: { reads } }) =>
        state.factors.some(factor => factor.enabled)
          ? toPosture(state.factors, orUnavailable<MfaBindings>(await reads.bindings(user)))
          : 'UNPROTECTED',
    }),
    phone: t.string({
      nullable: true,
      description:
        'The phone that SMS codes go to (`mfaPhone`), masked: the first three and last four of eleven or more characters, the last two of six or more. Null: none is set.',
      resolve: ({ state }) => (state.mfaPhone ? maskPhone(state.mfaPhone) : null),
    }),
    phoneCountryCode: t.string({
      nullable: true,
      description: 'Its country code (`mfaPhoneCountryCode`), as `+86`. Null: none is set.',
      resolve: ({ state }) => state.mfaPhoneCountryCode || null,
    }),
    email: t.string({
      nullable: true,
      description:
        'The address that e-mail codes go to (`mfaEmail`), masked: its first character and its domain. Null: none is set.',
      resolve: ({ state }) => (state.mfaEmail ? maskEmail(state.mfaEmail) : null),
    }),
    revision: t.string({
      description:
        "Names this user and this state: the factors in order, and every other field that a change can touch. Give it back as `expectedRevision`, and a change is refused if the state has changed since or the user is another. Tells nothing of what it names; the same state of the same user has the same revision. Costs one more upstream read, to find GenAuth's own id, unless the user was named by `USER_ID`.",
      resolve: async ({ user, state }, _args, context) => {
        const genauthId =
          user.userIdType === 'USER_ID' ? user.userId : orUnavailable(await context.mfa.reads.genauthId(user))
        return context.mfa.toRevision(genauthId, state)
      },
    }),
    totpMfaEnabled: t.boolean({
      nullable: true,
      description:
        'As GenAuth stores it. In practice: this user has enrolled an authenticator app. Null: GenAuth does not say.',
      resolve: ({ state }) => state.totpMfaEnabled,
    }),
    faceMfaEnabled: t.boolean({
      nullable: true,
      description:
        'As GenAuth stores it. In practice: this user has enrolled a face. Null: GenAuth does not say.',
      resolve: ({ state }) => state.faceMfaEnabled,
    }),
  }),
})

const MAX_INT = 2_147_483_647

/** GenAuth's schema says "number": what no Int can hold must not blank a whole list. */
export function toInt(sort: number): number {
  return Math.max(-MAX_INT, Math.min(MAX_INT, Math.trunc(sort)))
}

/** For what is only looked up besides: the field is null and the error stands at its path. */
export function orUnavailable<T>(read: Result<T>): T {
  if (read.ok) return read.value
  throw isOwnRefusal(read.failure) ? toFailureError(read.failure) : unavailable()
}

export function unavailable(): GraphQLError {
  const message = 'GenAuth could not be asked for this field. Try again later, or do without it.'
  return codedError('UPSTREAM_UNAVAILABLE', message)
}

/** A refusal that this server makes itself; every other failure is GenAuth's. */
function isOwnRefusal({ kind }: MfaFailure): boolean {
  return kind === 'RATE_LIMITED' || kind === 'AMBIGUOUS_USER'
}
