import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GraphQLSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { MfaServices } from '../mfa/services.ts'
import { createUserReads } from '../mfa/user-reads.ts'
import type { GraphQLContext } from '../schema/context.ts'
import { type AcceptedRequest, createEdge } from './edge.ts'
import { createGraphiqlPage } from './graphiql.ts'
import { useOperationLog } from './use-operation-log.ts'
import { useParsedParams } from './use-parsed-params.ts'
import { createErrorMask, useStableErrors } from './use-stable-errors.ts'
import { createValidationRules } from './validation-rules.ts'

export interface ServerOptions {
  readonly port: number
  readonly host: string
  readonly graphiql: boolean
  readonly introspection: boolean
  readonly schema: GraphQLSchema
  readonly mfa: MfaServices
  readonly log: Logger
}

/** A server that listens. `close` takes no new connection, finishes what is under way, and then resolves. */
export interface Server {
  readonly url: string
  close(): Promise<void>
}

/** Starts the GraphQL server; rejects when the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { port, host, graphiql, introspection, schema, mfa, log } = options
  let isDraining = false

  const yoga = createYoga<AcceptedRequest, GraphQLContext>({
    schema,
    context: ({ requestId }) => ({
      requestId,
      request: { requestId, traceId: null, caller: { issuer: '', subject: '', client: null } },
      mfa,
      reads: createUserReads(mfa.upstream),
    }),
    plugins: [
      useParsedParams(),
      useStableErrors(createValidationRules({ introspection })),
      useOperationLog(),
    ],
    maskedErrors: { maskError: createErrorMask(log) },
    // What these do by default is done by the edge, or not wanted: Yoga would reflect every origin, run mutations
    // from forms, and log what it answers.
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false,
    logging: false,
  })

  const http = createHttpServer(
    createEdge({
      log,
      graphiqlPage: graphiql ? createGraphiqlPage() : null,
      isDraining: () => isDraining,
      answer: async (request, response, accepted) => {
        await yoga(request, response, accepted)
      },
    }),
  )

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, resolve)
  })

  return {
    url: toUrl(http.address()),
    close: () =>
      new Promise(resolve => {
        isDraining = true
        http.close(() => resolve())
      }),
  }
}

function toUrl(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a TCP address')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
