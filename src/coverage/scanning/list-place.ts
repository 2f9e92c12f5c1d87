import { z } from 'zod'

/** Where in the lists of a population a scan has come to. It is kept as JSON. */
export const listPlaceSchema = z.object({
  /** Which list, from 0. */
  list: z.int().min(0),
  /** The next page, from 1. */
  page: z.int().min(1),
  /** The time of sign-up with which the window begins. `null` in the whole list. */
  fromMs: z.number().nullable(),
  /** The users with just that time who were read before the window. The window shows them again. */
  skip: z.array(z.string()),
  /**
   * The users who were created last, as far as it has come, and when. One more than `MAX_TAIL_USERS` stands for any
   * number. `null` before the first.
   */
  tail: z.object({ atMs: z.number(), userIds: z.array(z.string()) }).nullable(),
  /** `true` if nobody was listed after a user who was created later. Only then can a window take over. */
  isInOrder: z.boolean(),
  /** The count of the page before. `null` before the first page of the list or window. */
  totalCount: z.number().nullable(),
})

export type ListPlace = z.infer<typeof listPlaceSchema>

/** Returns the beginning of a list. */
export function startOfList(list: number): ListPlace {
  return { list, page: 1, fromMs: null, skip: [], tail: null, isInOrder: true, totalCount: null }
}

/** The most users of one time of sign-up whom a window may show again. A place with more would be long to keep. */
export const MAX_TAIL_USERS = 5_000

/**
 * Returns the beginning of a window that goes on where the list has come to.
 *
 * @returns `null` if a window would lead nowhere
 */
export function toNextWindow(place: ListPlace): ListPlace | null {
  const { tail, fromMs, isInOrder } = place
  if (tail === null || tail.userIds.length > MAX_TAIL_USERS) return null
  if (!isInOrder || (fromMs !== null && tail.atMs <= fromMs)) return null
  return { ...place, page: 1, fromMs: tail.atMs, skip: tail.userIds, totalCount: null }
}
