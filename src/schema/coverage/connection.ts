import type { CoverageRow } from '../../coverage/coverage-row.ts'
import { builder } from '../builder.ts'
import { MfaPageInfoType } from '../page-info.ts'
import { MfaCoverageRowType } from './row.ts'

interface CoverageEdge {
  readonly cursor: string
  readonly row: CoverageRow
}

/** A page of rows. The rows of all pages are counted only if somebody wants to know. */
export interface CoverageConnection {
  readonly edges: readonly CoverageEdge[]
  readonly hasPreviousPage: boolean
  readonly hasNextPage: boolean
  readonly countAll: () => Promise<number>
}

const MfaCoverageEdgeType = builder.objectRef<CoverageEdge>('MfaCoverageEdge').implement({
  extensions: { needs: 'REPORT' },
  description: 'A row of a page, and its place.',
  fields: t => ({
    cursor: t.exposeString('cursor', {
      description:
        'The place of the row. Send it as `after` for the rows behind it. It is worth something only for the same scan, filter and order.',
    }),
    node: t.field({
      type: MfaCoverageRowType,
      description: 'The row itself.',
      resolve: ({ row }) => row,
    }),
  }),
})

export const MfaCoverageConnectionType = builder
  .objectRef<CoverageConnection>('MfaCoverageConnection')
  .implement({
    extensions: { needs: 'REPORT' },
    description: 'A page of the rows of a scan that fit the filter.',
    fields: t => ({
      edges: t.field({
        type: [MfaCoverageEdgeType],
        description: 'The rows of this page, in order.',
        resolve: ({ edges }) => [...edges],
      }),
      pageInfo: t.field({
        type: MfaPageInfoType,
        description: 'The place of this page among the others.',
        resolve: connection => connection,
      }),
      totalCount: t.int({
        description: 'The rows of all pages. They are counted only if it is selected.',
        resolve: ({ countAll }) => countAll(),
      }),
    }),
  })
