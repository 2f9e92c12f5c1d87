import type { GraphQLError } from 'graphql'
import type { History } from '../../history/history.ts'
import type { MfaFailure } from '../../mfa/failure.ts'
import { builder } from '../builder.ts'
import { codedError, toFailureError } from '../coded-error.ts'
import { countRefusedInput } from '../count-refused-input.ts'
import { HISTORY_LIMIT_MESSAGE } from '../few-users.ts'
import { MfaPageInfoType } from '../page-info.ts'
import { toFieldError } from '../unavailable.ts'
import { UserMfaType } from '../user-mfa.ts'
import { MfaHistoryEntryType } from './entry.ts'
import { MfaHistorySourceEnum } from './enums.ts'

type Edge = History['edges'][number]

const MfaHistoryEdgeType = builder.objectRef<Edge>('MfaHistoryEdge').implement({
  extensions: { needs: 'AUDIT' },
  description: 'An entry of a page, and its place in the history.',
  fields: t => ({
    cursor: t.exposeString('cursor', {
      description:
        'The place of the entry. Send it as `after`, for the same user, to read what happened before.',
    }),
    node: t.expose('entry', { type: MfaHistoryEntryType, description: 'The entry itself.' }),
  }),
})

const MfaHistoryConnectionType = builder.objectRef<History>('MfaHistoryConnection').implement({
  extensions: { needs: 'AUDIT' },
  description: 'A page of what happened to the second factors of a user, the newest first.',
  fields: t => ({
    edges: t.field({
      type: [MfaHistoryEdgeType],
      description:
        'The entries of the page, the newest first. There may be fewer than `first`, even if there is a next page.',
      resolve: ({ edges }) => [...edges],
    }),
    pageInfo: t.field({
      type: MfaPageInfoType,
      description: 'Where the page stands in the history.',
      resolve: history => history,
    }),
    missing: t.field({
      type: [MfaHistorySourceEnum],
      directives: { listSize: { assumedSize: 2 } },
      description:
        'The sources of which entries may be missing in this page. Show them: a history with a gap looks like a whole one. `THIS_SERVICE`: this server has no store, cannot use it, or has not yet put all its changes there. `GENAUTH`: GenAuth refused its log, did not reply, or sent rows that cannot be read. Empty if the page is whole, as far as the two sources reach back.',
      resolve: ({ missing }) => [...missing],
    }),
  }),
})

builder.objectField(UserMfaType, 'history', t =>
  t.field({
    type: MfaHistoryConnectionType,
    nullable: true,
    extensions: { needs: 'AUDIT' },
    directives: { cost: { weight: 30 }, listSize: { slicingArguments: ['first'], sizedFields: ['edges'] } },
    description:
      "The history of the user's second factors: the changes of this server, and the events that GenAuth has logged. You need the scope for histories, too. `null` if it could not be read at all. The error at this path then has a code, for example `RATE_LIMITED` or `INVALID_INPUT`. A source that cannot be read is no error: `missing` names it. It costs three calls to GenAuth, and seldom more. It costs one more to find a user who was not named by `USER_ID`. Each call counts as a read of the caller. At most five users of one operation can have a history, otherwise the code is `LIMIT_EXCEEDED`. Safe to repeat.",
    args: {
      first: t.arg.int({
        required: true,
        defaultValue: 20,
        description: 'The largest number of entries to show, from 1 to 50.',
      }),
      after: t.arg.string({
        description:
          'The cursor behind which the page begins. Without it, the page begins with the newest entry.',
      }),
    },
    resolve: async ({ user }, { first, after }, context): Promise<History> => {
      context.historyUsers.add(user)
      // By then the resolvers of the other users of a list have added theirs, too. Nothing has been read yet.
      await Promise.resolve()
      if (context.historyUsers.isExceeded) throw codedError('LIMIT_EXCEEDED', HISTORY_LIMIT_MESSAGE)
      const history = await context.histories.history(user, { first, after: after ?? null })
      if (history.ok) return history.value
      countRefusedInput(history.failure, context)
      throw toHistoryError(history.failure)
    },
  }),
)

/** A fault of an argument is told. GenAuth's own refusal of the identifier is none of it. */
function toHistoryError(failure: MfaFailure): GraphQLError {
  const isOwn = failure.kind === 'INVALID_INPUT' && failure.upstream === null
  return isOwn ? toFailureError(failure) : toFieldError(failure)
}
