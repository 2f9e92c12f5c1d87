import type { StoredTab } from './storage.ts'

/**
 * Returns the document of a shared link or bookmark, `/graphql?query=…&variables=…`. Returns `null` if the link names
 * none.
 */
export function toLinkedTab(search: string): StoredTab | null {
  const params = new URLSearchParams(search)
  const query = params.get('query')
  if (query === null || query === '') return null
  return { query, variables: toReadable(params.get('variables')) }
}

/** Formats JSON on several lines. A text that is not JSON stays for its reader to correct. */
function toReadable(variables: string | null): string | null {
  if (variables === null || variables === '') return null
  try {
    return JSON.stringify(JSON.parse(variables), null, 2)
  } catch {
    return variables
  }
}
