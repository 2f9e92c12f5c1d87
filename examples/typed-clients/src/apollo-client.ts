import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import type { DocumentNode } from 'graphql'

/** With `trusted`, requests carry the hashes that code generation put into the documents, and never a text. */
export function createApolloClient(url: string, token: string, trusted: boolean): ApolloClient {
  const http = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })
  const persisted = new PersistedQueryLink({
    generateHash: (document: DocumentNode & { __meta__?: { hash?: string } }) => {
      const hash = document.__meta__?.hash
      if (hash === undefined) throw new Error('This document was not generated')
      return hash
    },
    retry: () => false,
  })
  return new ApolloClient({
    link: trusted ? ApolloLink.from([persisted, http]) : http,
    cache: new InMemoryCache(),
    // A script reads each time. For a screen, see docs/caching.md.
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  })
}
