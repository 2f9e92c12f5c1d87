import { Client, fetchExchange } from '@urql/core'

/** No cache exchange: an operator must see what is so now. */
export function createUrqlClient(url: string, token: string): Client {
  return new Client({
    url,
    exchanges: [fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  })
}
