import { createServer } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { listen } from './listen.js'

/** The subgraph that owns `User`. It has names of its own that a supergraph often has. */
const SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

  type Query {
    users(first: Int! = 50): UserPage!
    usersById(ids: [ID!]!): [User]!
    rateLimit: RateLimit!
  }

  type User @key(fields: "id") {
    id: ID!
    name: String!
    deleted: Error
  }

  type UserPage {
    nodes: [User!]!
    pageInfo: PageInfo!
  }

  interface Error {
    message: String!
  }

  type UserDeleted implements Error {
    message: String!
    at: String!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
  }

  type RateLimit {
    limit: Int!
    remaining: Int!
  }
`

/** People that the sandbox knows, too: by GenAuth's ID, and some of them by an ID of the company's own. */
const PEOPLE = ['Ada', 'Grace', 'Alan', 'Katherine', 'Barbara', 'Charles', '李雷', 'Tim']
const EXTERNAL_IDS = new Map([
  [1, 'emp-0001'],
  [7, '工号:0007'],
])

/** Returns the sandbox's users as the company knows them. With external IDs there are only the users who have one. */
export function createUsers(idType) {
  const users = []
  for (let place = 1; place <= 60; place += 1) {
    const name = PEOPLE[place - 1] ?? `User ${place}`
    const externalId =
      EXTERNAL_IDS.get(place) ??
      (place > 8 && place % 4 === 0 ? `emp-${String(place).padStart(4, '0')}` : undefined)
    const id = idType === 'EXTERNAL_ID' ? externalId : `65a${place.toString(16).padStart(21, '0')}`
    if (id !== undefined) users.push({ id, name })
  }
  // Known here, but not to GenAuth.
  users.push({ id: 'nobody', name: 'Nobody' })
  return users
}

/** Starts the users subgraph. `seen` holds the headers of its requests. `failNext` lets the next response be a 503. */
export async function startUsers(idType) {
  const users = createUsers(idType)
  const byId = new Map(users.map(user => [user.id, user]))
  const seen = []
  let failures = 0

  const yoga = createYoga({
    logging: false,
    schema: buildSubgraphSchema({
      typeDefs: parse(SDL),
      resolvers: {
        Query: {
          users: (_root, { first }) => ({
            nodes: users.slice(0, first),
            pageInfo: { hasNextPage: first < users.length },
          }),
          usersById: (_root, { ids }) => ids.map(id => byId.get(id) ?? null),
          rateLimit: () => ({ limit: 100, remaining: 99 }),
        },
        User: { __resolveReference: ({ id }) => byId.get(id) ?? null },
        Error: { __resolveType: 'UserDeleted' },
      },
    }),
  })
  const server = createServer((request, response) => {
    seen.push(request.headers)
    if (failures === 0) return yoga(request, response)
    failures -= 1
    response.writeHead(503).end()
  })
  const { url, close } = await listen(server)
  return {
    url: `${url}/graphql`,
    sdl: SDL,
    seen,
    failNext: () => {
      failures += 1
    },
    close,
  }
}
