import { createServer } from 'node:http'
import { createHandler } from 'graphql-http/lib/use/http'
import { createPeerSchema } from './peer-schema.ts'

createServer(createHandler({ schema: createPeerSchema() })).listen(Number(process.env['PORT']), '127.0.0.1')
