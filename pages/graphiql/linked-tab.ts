import type { StoredTab } from './storage.ts'

/** The document that a shared link or a bookmark names, as `/graphql?query=…&variables=…`; `null` if it names none. */
export function toLinkedTab(search: string): StoredTab | null {
  const params = new URLSearchParams(search)
  const query = params.get('query')
  if (query === null || query === '') return null
  return { query, variables: toReadable(params.get('variables')) }
}

/** JSON on several lines; a text that is no JSON stays for its reader to correct. */
function toReadable(variables: string | null): string | null {
  if (variables === null || variables === '') return null
  try {
    return JSON.stringify(JSON.parse(variables), null, 2)
  } catch {
    return variables
  }
}
