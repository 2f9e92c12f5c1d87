import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A place in a script, counted from 0 on. */
export interface Place {
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

const maps = new Map<string, SourceMap | null>()

/** Returns the place in the source, if the script has a source map beside it. One bundle is then many files again. */
export function toOriginalPlace(place: Place): Pick<Place, 'url' | 'lineNumber'> {
  if (!place.url.startsWith('file:') || place.url.includes('/node_modules/')) return place
  const entry = findMap(place.url)?.findEntry(place.lineNumber, place.columnNumber)
  if (entry === undefined || !('originalSource' in entry)) return place
  return { url: new URL(entry.originalSource, place.url).href, lineNumber: entry.originalLine }
}

function findMap(url: string): SourceMap | null {
  const known = maps.get(url)
  if (known !== undefined) return known
  const path = `${fileURLToPath(url)}.map`
  const map = existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : null
  maps.set(url, map)
  return map
}
