/** The people of an address. */
export interface ChosenIds {
  /** Each once, in the order of the address. */
  readonly ids: readonly string[]
  /** The number of entries that cannot be ids of GenAuth. */
  readonly malformed: number
  /** The number of further ids, which do not fit in one change. */
  readonly leftOut: number
}

/** The limit of the API. */
export const MOST_PEOPLE = 50

const GENAUTH_ID = /^[\w-]{1,128}$/

/** Reads the ids of an address, which are separated by commas. No other identifier of a person may stand there. */
export function readIds(text: string): ChosenIds {
  const entries = text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
  const sound = [...new Set(entries.filter(entry => GENAUTH_ID.test(entry)))]
  return {
    ids: sound.slice(0, MOST_PEOPLE),
    malformed: entries.filter(entry => !GENAUTH_ID.test(entry)).length,
    leftOut: Math.max(0, sound.length - MOST_PEOPLE),
  }
}
