import { z } from 'zod'

/**
 * The `data` of one endpoint's reply. An object without any of the endpoint's own fields is refused, because it may be
 * the reply to another request. A schema of optional fields alone would read it as an empty object.
 */
export function replyData<T extends z.ZodType>(ownFields: readonly string[], schema: T) {
  const isOwn = (data: unknown) => {
    if (typeof data !== 'object' || data === null) return true
    return Object.keys(data).length === 0 || ownFields.some(field => Object.hasOwn(data, field))
  }
  return z.unknown().refine(isOwn, 'names none of its own fields').pipe(schema)
}
