import { createServer } from 'node:http'
import { createHandler } from 'graphql-http/lib/use/http'
import { BARE_BACKEND, createPeerSchema } from './peer-schema.ts'

createServer(createHandler({ schema: createPeerSchema(BARE_BACKEND) })).listen(
  Number(process.env['PORT']),
  '127.0.0.1',
)
