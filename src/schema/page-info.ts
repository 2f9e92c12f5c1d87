import { builder } from './builder.ts'

/** A page of any list. */
interface Page {
  readonly edges: readonly { readonly cursor: string }[]
  readonly hasPreviousPage: boolean
  readonly hasNextPage: boolean
}

/** Supergraphs often have a `PageInfo` with fewer fields, and would not compose with another one. */
export const MfaPageInfoType = builder.objectRef<Page>('MfaPageInfo').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description: 'The place of a page among the others.',
  fields: t => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: '`true` if there are rows behind this page.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: '`true` if `after` was given. There is no way back but the pages that you have.',
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first row. `null` if the page is empty.',
      resolve: ({ edges }) => edges[0]?.cursor,
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last row: the `after` of the next page. `null` if the page is empty.',
      resolve: ({ edges }) => edges.at(-1)?.cursor,
    }),
  }),
})
