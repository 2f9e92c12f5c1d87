import { composeServices } from '@apollo/composition'
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { parse } from 'graphql'
import { toForwarded } from './forwarded-headers.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Composes the subgraphs with Apollo's library and puts Apollo Gateway in front of them. */
export async function startApolloGateway(subgraphs) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }))
  const { supergraphSdl, errors } = composeServices(services)
  if (supergraphSdl === undefined) throw new AggregateError(errors)

  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource({
        url,
        willSendRequest({ request, context }) {
          for (const [name, value] of Object.entries(context.forwarded ?? {}))
            request.http.headers.set(name, value)
        },
      }),
  })
  const server = new ApolloServer({ gateway, logger: silent, includeStacktraceInErrorResponses: false })
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: async ({ req }) => ({ forwarded: toForwarded(name => req.headers[name]) }),
  })
  return { url, close: () => server.stop() }
}
