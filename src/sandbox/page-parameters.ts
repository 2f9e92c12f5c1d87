import { z } from 'zod'

/** The largest page of any list. */
export const MAX_PAGE_ROWS = 50

const digits = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)

/** Which page of a list the query of a GET asks for. */
export const pageParameters = z.object({
  page: digits.pipe(z.int().min(1)).default(1),
  limit: digits.pipe(z.int().min(1).max(MAX_PAGE_ROWS)).default(10),
})
