import { createServer } from 'node:http'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'
import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { toForwarded } from './forwarded-headers.js'
import { listen } from './listen.js'

/**
 * Composes the subgraphs with Hive's library and puts Hive Gateway in front of them. The gateway repeats every request
 * to which a subgraph responds with a 5xx, a 429 or `Retry-After`, mutations too.
 *
 * @param planner `javascript`, or `rust` for the query planner of Hive Router
 */
export async function startHiveGateway(subgraphs, planner) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }))
  const { supergraphSdl, errors } = composeServices(services)
  if (supergraphSdl === undefined) throw new AggregateError(errors)

  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    maskedErrors: false,
    landingPage: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => toForwarded(name => request.headers.get(name)),
    },
    upstreamRetry: { maxRetries: 3, retryDelay: 50, retryDelayFactor: 1 },
    ...(planner === 'rust' ? { unifiedGraphHandler } : {}),
  })
  const { url, close } = await listen(createServer(gateway))
  return {
    url: `${url}/graphql`,
    async close() {
      await close()
      await gateway[Symbol.asyncDispose]()
    },
  }
}
