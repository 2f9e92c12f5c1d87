import type { LiveChange, MfaChangeHint } from '../../live/live-change.ts'
import { builder } from '../builder.ts'
import { DateTimeType } from '../date-time.ts'
import { described } from '../enums.ts'
import { orUnavailable } from '../unavailable.ts'
import { type UserSource, UserType } from '../user-source.ts'

/** A change, and the user that it concerns. */
export interface ChangeSource {
  readonly change: LiveChange
  /** The id of the user in the supergraph, or `null` if the user has none. `undefined` if it was not looked up. */
  readonly entityId: string | null | undefined
}

const MfaChangeHintEnum = builder.enumType('MfaChangeHint', {
  description: 'The thing that may have changed. Later versions may know more.',
  values: described<MfaChangeHint>({
    SET_BY_THIS_SERVICE: 'This service changed the factors or contacts of `user`, or may have done so.',
    POOL_POLICY:
      'This service changed the factors of the user pool, or may have done so. It concerns every user.',
    APPLICATION_POLICY:
      'This service switched factors of the application `applicationId`, or may have done so. It concerns every user of the application.',
  }),
})

export const MfaChangeType = builder.objectRef<ChangeSource>('MfaChange').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description:
    'A hint that something may have changed. It is not the new state: read again what you show. A hint may be lost, and may come twice.',
  fields: t => ({
    user: t.field({
      type: UserType,
      nullable: true,
      extensions: { needs: 'READ' },
      directives: { cost: { weight: 10 } },
      description:
        'The user, by the kind of id that your supergraph uses. You need the scope for reading. `null` for a policy, and if the user has no id of that kind. It costs nothing, unless the subscription names no users and that kind is not `USER_ID`: then it costs one read for each event.',
      resolve: async ({ change, entityId }, _args, { mfa: { reads } }): Promise<UserSource | null> => {
        if (change.genauthId === null) return null
        const id =
          entityId === undefined
            ? orUnavailable(await reads.entityId({ userId: change.genauthId, userIdType: 'USER_ID' }))
            : entityId
        return id === null ? null : { id, mfa: null }
      },
    }),
    at: t.field({
      type: DateTimeType,
      description: 'The time at which this service knew of the change.',
      resolve: ({ change }) => new Date(change.atMs),
    }),
    hint: t.field({
      type: MfaChangeHintEnum,
      description: 'The thing that may have changed.',
      resolve: ({ change }) => change.hint,
    }),
    revision: t.string({
      nullable: true,
      description:
        'The `UserMfa.revision` of the state that the change made. If the state that you show has it, you need not read again. `null` for a policy, and if the outcome of the change is in doubt.',
      resolve: ({ change }) => change.revision,
    }),
    applicationId: t.id({
      nullable: true,
      description: 'The application whose policy changed. `null` for every other change.',
      resolve: ({ change }) => change.applicationId,
    }),
  }),
})
