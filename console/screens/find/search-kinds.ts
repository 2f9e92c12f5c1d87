import type { VariablesOf } from '../../api/document.ts'
import type { FindUserDocument } from '../../generated/documents.ts'

type UserIdType = NonNullable<VariablesOf<typeof FindUserDocument>['userIdType']>

/** The exact identifiers that a person at a desk has at hand, and the search by a part. */
export const SEARCH_KINDS = [
  'ANY',
  'USER_ID',
  'EMAIL',
  'PHONE',
  'USERNAME',
  'EXTERNAL_ID',
] as const satisfies readonly ('ANY' | UserIdType)[]

export type SearchKind = (typeof SEARCH_KINDS)[number]

/** Returns the kind of an address. An unknown kind is a search by a part. */
export function toSearchKind(text: string | undefined): SearchKind {
  return SEARCH_KINDS.find(kind => kind === text) ?? 'ANY'
}
