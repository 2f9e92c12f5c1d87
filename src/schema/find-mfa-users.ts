import type { FoundPeople } from '../coverage/find-people.ts'
import type { MfaFailure } from '../mfa/failure.ts'
import { MfaAccountType } from './account.ts'
import { builder } from './builder.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { errorTypesOf, toErrorType } from './errors.ts'

const FindMfaUsersSuccessType = builder.objectRef<FoundPeople>('FindMfaUsersSuccess').implement({
  extensions: { needs: 'READ' },
  description: 'The people that a search found.',
  fields: t => ({
    people: t.field({
      type: [MfaAccountType],
      directives: { listSize: { assumedSize: 20 } },
      description: "The people, in GenAuth's order. The list is empty if nobody was found.",
      resolve: ({ people }) => [...people],
    }),
    more: t.boolean({
      description: '`true` if GenAuth found more people than are shown. Make the text longer then.',
      resolve: ({ hasMore }) => hasMore,
    }),
  }),
})

const FindMfaUsersPayload = builder.unionType('FindMfaUsersPayload', {
  description:
    'The people that a search found, or the failure that explains why there was none. Also select `... on MfaError { code message }`.',
  types: [
    FindMfaUsersSuccessType,
    ...errorTypesOf([
      'INVALID_INPUT',
      'RATE_LIMITED',
      'PLAN_REQUIRED',
      'UPSTREAM_FORBIDDEN',
      'OPERATION_REFUSED',
      'UPSTREAM_UNAVAILABLE',
    ]),
  ],
  resolveType: value => toErrorType(value) ?? FindMfaUsersSuccessType,
})

builder.queryField('findMfaUsers', t =>
  t.field({
    type: FindMfaUsersPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 10 } },
    description:
      'Finds people by a part of their phone, e-mail address, name, user name or nickname. GenAuth decides what fits. It costs one call, and a read for each person that is shown, at least one. If nobody is found, it counts as a miss. To name a user in a change, use the `id` of the person. Safe to repeat.',
    args: {
      search: t.arg.string({
        required: true,
        description:
          'The text to search for: from 2 to 100 characters without blanks at its ends, and no control characters.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: 20,
        description: 'The most people to show, from 1 to 50.',
      }),
    },
    resolve: async (_root, { search, first }, context): Promise<FoundPeople | MfaFailure> => {
      const found = await context.findPeople(search, first)
      if (found.ok) return found.value
      countRefusedInput(found.failure, context)
      return found.failure
    },
  }),
)
