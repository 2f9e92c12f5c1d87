import type * as NodeHttp from 'node:http'
import { createRequire } from 'node:module'

const loadModule = createRequire(import.meta.url)

/**
 * Node's `createServer`. An import of `node:http` reads all of its exports, and Node 24 then loads its WebSocket and its
 * fetch: 11 MB that no request needs.
 */
export const { createServer: createHttpServer }: typeof NodeHttp = loadModule('node:http')
