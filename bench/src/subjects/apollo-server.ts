import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { BARE_BACKEND, createPeerSchema } from './peer-schema.ts'

await startStandaloneServer(new ApolloServer({ schema: createPeerSchema(BARE_BACKEND) }), {
  listen: { host: '127.0.0.1', port: Number(process.env['PORT']) },
})
