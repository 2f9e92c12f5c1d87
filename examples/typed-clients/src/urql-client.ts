import { Client, fetchExchange } from '@urql/core'

/** There is no cache exchange, because an operator must see the current state. */
export function createUrqlClient(url: string, token: string): Client {
  return new Client({
    url,
    exchanges: [fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  })
}
