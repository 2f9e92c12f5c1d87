import { z } from 'zod'
import { listPlaceSchema, startOfList } from './list-place.ts'

const scanPositionSchema = z.object({
  /** Where to go on. `null` if each page was read. */
  place: listPlaceSchema.nullable(),
  /** The users that were listed, as often as they were. */
  listed: z.int().min(0),
  /** The users of the lists, as GenAuth counted them at the beginning of each. */
  counted: z.int().min(0),
  /** See `MemberDigest`. */
  digest: z.string().regex(/^[\da-f]{1,32}$/),
  /** `true` if users came or went for certain. */
  hasMoved: z.boolean(),
  /** `true` if the list goes on by windows. */
  hasWindows: z.boolean(),
})

/** How far a scan has come. The store keeps it with the rows of each page, so that it survives the process. */
export type ScanPosition = z.infer<typeof scanPositionSchema>

export const START_POSITION: ScanPosition = {
  place: startOfList(0),
  listed: 0,
  counted: 0,
  digest: '0',
  hasMoved: false,
  hasWindows: false,
}

export function toPositionText(position: ScanPosition): string {
  return JSON.stringify(position)
}

/** A text of another version is the start: users who are stored already stay as they are. */
export function parsePosition(text: string | null): ScanPosition {
  if (text === null) return START_POSITION
  try {
    return scanPositionSchema.parse(JSON.parse(text))
  } catch {
    return START_POSITION
  }
}
