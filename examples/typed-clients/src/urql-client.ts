import { Client, fetchExchange } from '@urql/core'

/** There is no cache exchange: a script reads each time. For a screen, see docs/caching.md. */
export function createUrqlClient(url: string, token: string): Client {
  return new Client({
    url,
    exchanges: [fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  })
}
