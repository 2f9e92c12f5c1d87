import type { ResultOf } from '../../api/document.ts'
import type { applicationFields } from '../../generated/documents.ts'

/** Returns the name of an application. One without a name has its identifier, or its id. */
export function toName({ name, identifier, id }: ResultOf<typeof applicationFields>): string {
  return name ?? identifier ?? id
}
