import { z } from 'zod'

/** Matches the digits of a number: no sign, no blank, no leading zero, and no digit that a `number` would lose. */
const DIGITS = /^(0|[1-9]\d{0,14})$/

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [1, true],
  ['1', true],
  ['true', true],
  ['enabled', true],
  [0, false],
  ['0', false],
  ['false', false],
  ['disabled', false],
])

/** No name, contact or factor of a person is longer. Without a limit, a reply could hold a text of 1,000 kilobytes. */
const MAX_TEXT_CHARACTERS = 32 * 1024

/** A text. A whole number, such as an id or a phone, counts as its digits. A number too large to be exact does not. */
export const plainText = z.preprocess(
  value => (Number.isSafeInteger(value) && Number(value) >= 0 ? String(value) : value),
  z.string().max(MAX_TEXT_CHARACTERS),
)

/** A number. A text counts if it is a whole number's digits. */
export const plainNumber = z.preprocess(
  value => (typeof value === 'string' && DIGITS.test(value) ? Number(value) : value),
  z.number(),
)

/**
 * Accepts `true` or `false`, also as `1` or `0`, each of these as a text, and GenAuth's words `enabled` and `disabled`.
 * It accepts nothing else, because `yes` may mean anything.
 */
export const plainFlag = z.preprocess(
  value => FLAGS.get(typeof value === 'string' ? value.toLowerCase() : value) ?? value,
  z.boolean(),
)

/** A value that nothing depends on. It is `null` if it is missing or has an undocumented type. It never fails. */
export function notNeeded<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(null)
}

/**
 * A list that is read only if it has at most `most` records. Each faulty record costs as much as a hundred good ones,
 * and a reply has room for thousands.
 */
export function listUpTo<T extends z.ZodType>(most: number, schema: T) {
  return z.array(z.unknown()).max(most).pipe(z.array(schema))
}

/** A list of at most `most` records, of which the unreadable ones are left out. */
export function listOfReadable<T extends z.ZodType>(most: number, schema: T) {
  return z
    .array(z.unknown())
    .max(most)
    .transform(records =>
      records.flatMap(record => {
        const parsed = schema.safeParse(record)
        return parsed.success ? [parsed.data] : []
      }),
    )
}

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
