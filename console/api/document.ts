import { Kind } from '@0no-co/graphql.web'
import type { TypedDocumentNode } from '@urql/core'
import type { DocumentDecoration, ResultOf, VariablesOf } from 'gql.tada'

export type { ResultOf, VariablesOf } from 'gql.tada'

type AnyDocument = DocumentDecoration<object, never>
type VariablesIn<D> = VariablesOf<D> extends object ? VariablesOf<D> : never

/** A document of `operations/`, which the server knows by its id. */
export type Document<Data, Variables extends object> = TypedDocumentNode<Data, Variables> &
  DocumentDecoration<Data, Variables> & {
    readonly documentId: string
    readonly operation: 'query' | 'mutation' | 'subscription'
  }

/** Makes the document of an id. It holds no text, because the server has the text. */
export function toDocument<D extends AnyDocument>(
  operation: 'query' | 'mutation' | 'subscription',
  documentId: string,
): Document<ResultOf<D>, VariablesIn<D>> {
  return { kind: Kind.DOCUMENT, definitions: [], documentId, operation }
}
