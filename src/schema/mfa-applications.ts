import { type MfaFailure, type MfaFailureKind, toReadFailure } from '../mfa/failure.ts'
import type { ApplicationList } from '../policy/application-list.ts'
import { MfaApplicationType } from './application.ts'
import { builder } from './builder.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { MfaPageInfoType } from './page-info.ts'
import { selects } from './selection.ts'

type Edge = ApplicationList['edges'][number]

/** The kinds of failure in which a list may end. */
const LIST_FAILURE_KINDS: readonly MfaFailureKind[] = [
  'INVALID_INPUT',
  'PLAN_REQUIRED',
  'UPSTREAM_FORBIDDEN',
  'OPERATION_REFUSED',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
]

const MfaApplicationEdgeType = builder.objectRef<Edge>('MfaApplicationEdge').implement({
  extensions: { needs: 'READ' },
  description: 'An application of a page, and its place in the list.',
  fields: t => ({
    cursor: t.exposeString('cursor', {
      description:
        'The place of the application. Send it as `after`, with the same `search`, to read on behind it.',
    }),
    node: t.expose('application', { type: MfaApplicationType, description: 'The application.' }),
  }),
})

const MfaApplicationConnectionType = builder
  .objectRef<ApplicationList>('MfaApplicationConnection')
  .implement({
    extensions: { needs: 'READ' },
    description: "A page of the applications of the user pool, in GenAuth's own order.",
    fields: t => ({
      edges: t.field({
        type: [MfaApplicationEdgeType],
        directives: { listSize: { assumedSize: 50 } },
        description: 'The applications of the page.',
        resolve: ({ edges }) => [...edges],
      }),
      pageInfo: t.field({
        type: MfaPageInfoType,
        description: 'Where the page stands in the list.',
        resolve: list => list,
      }),
      totalCount: t.exposeInt('totalCount', {
        description: 'The applications of all pages, as GenAuth counts them.',
      }),
    }),
  })

const MfaApplicationsPayload = builder.unionType('MfaApplicationsPayload', {
  description:
    'A page of applications, or the failure that explains why there is none. Also select `... on MfaError { code message }`.',
  types: [MfaApplicationConnectionType, ...errorTypesOf(LIST_FAILURE_KINDS)],
  resolveType: value => toErrorType(value) ?? MfaApplicationConnectionType,
})

builder.queryField('mfaApplications', t =>
  t.field({
    type: MfaApplicationsPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 10 } },
    description:
      'Lists the applications of the user pool. It costs one call to GenAuth, or two if `first` differs from that of the page before. Both count as one read. Safe to repeat.',
    args: {
      search: t.arg.string({
        description:
          'A part of a name or of an identifier, from 1 to 100 characters. GenAuth compares it. Without it, all applications are listed.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: 50,
        description: 'The number of applications to show, from 1 to 50.',
      }),
      after: t.arg.string({
        description: 'The cursor behind which the page begins. Without it, the page is the first one.',
      }),
    },
    resolve: async (
      _root,
      { search, first, after },
      context,
      info,
    ): Promise<ApplicationList | MfaFailure> => {
      const listed = await context.forecasts.applications({
        search: search ?? null,
        first,
        after: after ?? null,
        withRules: selects(info, { names: ['hasOwnRules'] }, 'edges', 'node'),
      })
      if (listed.ok) return listed.value
      countRefusedInput(listed.failure, context)
      return toReadFailure(listed.failure)
    },
  }),
)
