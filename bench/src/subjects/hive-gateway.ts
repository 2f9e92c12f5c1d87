import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
import { composeSubgraphs } from '@graphql-mesh/fusion-composition'
import * as rest from '@graphql-mesh/transport-rest'
import { loadNonExecutableGraphQLSchemaFromOpenAPI } from '@omnigraph/openapi'

/** A gateway over GenAuth's endpoints, made from the API's document alone, without code. */

const schema = await loadNonExecutableGraphQLSchemaFromOpenAPI('genauth', {
  source: fileURLToPath(new URL('../../genauth-openapi.json', import.meta.url)),
  endpoint: process.env['UPSTREAM_URL'] ?? '',
})
const { supergraphSdl } = composeSubgraphs([{ name: 'genauth', schema }])
if (supergraphSdl === undefined) throw new Error('The endpoints do not compose')

const gateway = createGatewayRuntime({
  supergraph: supergraphSdl,
  transports: { rest },
  logging: false,
  landingPage: false,
  graphiql: false,
})
createServer(gateway).listen(Number(process.env['PORT']), '127.0.0.1')
