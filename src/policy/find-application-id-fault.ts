/** GenAuth's own ids have 24 characters. */
const MAX_CHARACTERS = 128

const VISIBLE_ASCII = /^[!-~]+$/

/** Returns the fault of the id of an application, or `null` if it has none. The text never repeats the id. */
export function findApplicationIdFault(id: string): string | null {
  if (id.length <= MAX_CHARACTERS && VISIBLE_ASCII.test(id)) return null
  return `The id of an application holds from 1 to ${MAX_CHARACTERS} visible ASCII characters.`
}
