/** The part of the path that every page of the console has in common, behind the prefix of a proxy, too. */
export const BASE = toBase(location.pathname)

/**
 * Returns the address of the console for a path below it. It ends with the first `/console/`, because the
 * server has no other one below that.
 */
function toBase(pathname: string): string {
  const mark = '/console/'
  const start = `${pathname}/`.indexOf(mark)
  return start === -1 ? mark : pathname.slice(0, start) + mark
}

/** The address to which an issuer sends people back. It is the only one that has to be registered there. */
export const REDIRECT_URI = `${location.origin}${BASE}`

/**
 * Returns the address of a screen.
 *
 * @param path below the console, without a slash at its start, such as `users/65a0`. A value in it must be encoded
 * @param query filters. Those that are `null` or empty are left out. No person may be named in it
 */
export function toHref(path: string, query: Readonly<Record<string, string | null>> = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, ...kept })) if (value) params.set(name, value)
  const search = params.toString()
  return `${BASE}${path}${search === '' ? '' : `?${search}`}`
}

/** The part that every address keeps. */
const kept: { lang: string | null } = { lang: null }

/** Keeps the language that a person has chosen in every later address. `null` stands for the browser's. */
export function keepLanguage(language: string | null): void {
  kept.lang = language
}
