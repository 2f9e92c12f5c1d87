import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import type { DocumentNode } from 'graphql'
// In a project of its own: 'genauth-graphql/possibleTypes.json'.
import possibleTypes from '../../../possibleTypes.json'

/**
 * Creates a client for one token. Its cache is new, so nothing that one operator has read stays for the next.
 *
 * The cache knows a user by `UserMfa.id`. So the state that a change or a conflict returns is on the screen without
 * another read. A preview holds no `UserMfa`, so it cannot get there.
 */
export function createClient(uri: string, token: string): ApolloClient {
  return new ApolloClient({
    link: ApolloLink.from([
      // The hash of each listed document comes first. A server that keeps no list declines it and gets the text.
      new PersistedQueryLink({ generateHash: toListedHash }),
      new HttpLink({ uri, headers: { authorization: `Bearer ${token}` } }),
    ]),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        UserMfa: { keyFields: ['id'], fields: { factors: { merge: false } } },
      },
    }),
  })
}

function toListedHash(document: DocumentNode & { __meta__?: { hash?: string } }): string {
  const hash = document.__meta__?.hash
  if (hash === undefined) throw new Error('This document was not generated')
  return hash
}
