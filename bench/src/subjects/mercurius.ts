import { fastify } from 'fastify'
import { mercurius } from 'mercurius'
import { BARE_BACKEND, createPeerSchema } from './peer-schema.ts'

const app = fastify()
await app.register(mercurius, { schema: createPeerSchema(BARE_BACKEND), jit: 1 })
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
