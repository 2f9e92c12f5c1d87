import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { createPeerSchema } from './peer-schema.ts'

await startStandaloneServer(new ApolloServer({ schema: createPeerSchema() }), {
  listen: { host: '127.0.0.1', port: Number(process.env['PORT']) },
})
