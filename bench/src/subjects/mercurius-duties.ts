import { randomUUID } from 'node:crypto'
import { fastify } from 'fastify'
import { getOperationAST, type OperationDefinitionNode } from 'graphql'
import { type MercuriusContext, mercurius } from 'mercurius'
import { DUTIFUL_BACKEND, type DutyContext } from './duties/backend.ts'
import { observeRequest, serveMetrics } from './duties/metrics.ts'
import { settings } from './duties/settings.ts'
import { type Caller, verifyToken } from './duties/tokens.ts'
import { createPeerSchema } from './peer-schema.ts'

/** Mercurius with JIT and the duties of this server, as a team would add them. */

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
    operation: OperationDefinitionNode | null
    hasErrors: boolean
  }
}

declare module 'mercurius' {
  interface MercuriusContext extends DutyContext {}
}

const app = fastify({ logger: true, disableRequestLogging: true, genReqId: () => randomUUID() })
app.decorateRequest('caller', null)
app.decorateRequest('operation', null)
app.decorateRequest('hasErrors', false)

app.addHook('onRequest', async (request, reply) => {
  try {
    request.caller = await verifyToken(request.headers.authorization)
  } catch (error) {
    request.hasErrors = true
    return reply.code(401).send({ errors: [error] })
  }
})

app.addHook('onResponse', async (request, reply) => {
  const { caller, operation, hasErrors } = request
  const { statusCode: status, elapsedTime } = reply
  const kind = operation?.operation ?? 'none'
  observeRequest(kind, hasErrors ? 'ERROR' : 'OK', elapsedTime / 1_000)
  request.log.info(
    {
      caller: caller?.subject,
      operation: kind,
      operationName: operation?.name?.value,
      status,
      durationMs: Math.round(elapsedTime),
    },
    'request',
  )
})

await app.register(mercurius, {
  schema: createPeerSchema<MercuriusContext>(DUTIFUL_BACKEND),
  jit: 1,
  context: async (request): Promise<DutyContext> => {
    if (request.caller === null) throw new Error('The hook has verified the token')
    return { requestId: request.id, caller: request.caller }
  },
})

app.graphql.addHook('preExecution', async (_schema, document, { reply: { request } }) => {
  request.operation = getOperationAST(document) ?? null
})
app.graphql.addHook('onResolution', async ({ errors }, { reply: { request } }) => {
  request.hasErrors = errors !== undefined
})

serveMetrics()
await app.listen({ host: '127.0.0.1', port: settings.PORT })
