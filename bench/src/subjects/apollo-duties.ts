import { randomUUID } from 'node:crypto'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { pino } from 'pino'
import { DUTIFUL_BACKEND, type DutyContext } from './duties/backend.ts'
import { observeRequest, serveMetrics } from './duties/metrics.ts'
import { settings } from './duties/settings.ts'
import { verifyToken } from './duties/tokens.ts'
import { createPeerSchema } from './peer-schema.ts'

/** Apollo Server with the duties of this server, as a team would add them. */

const log = pino()

/** Writes a line for each request, and counts it. */
const watchRequests: ApolloServerPlugin<DutyContext> = {
  async contextCreationDidFail() {
    log.info({ status: 401 }, 'request')
    observeRequest('none', 'ERROR', 0)
  },
  async requestDidStart({ contextValue: { requestId, caller } }) {
    const startedAtMs = performance.now()
    return {
      async willSendResponse({ operation, operationName, response, errors }) {
        const durationMs = performance.now() - startedAtMs
        const kind = operation?.operation ?? 'none'
        observeRequest(kind, errors === undefined ? 'OK' : 'ERROR', durationMs / 1_000)
        log.info(
          {
            requestId,
            caller: caller.subject,
            operation: kind,
            operationName,
            errorCodes: errors?.map(({ extensions }) => extensions['code']),
            status: response.http.status ?? 200,
            durationMs: Math.round(durationMs),
          },
          'request',
        )
      },
    }
  },
}

const server = new ApolloServer<DutyContext>({
  schema: createPeerSchema(DUTIFUL_BACKEND),
  plugins: [watchRequests],
})

serveMetrics()
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: settings.PORT },
  context: async ({ req }) => ({
    requestId: randomUUID(),
    caller: await verifyToken(req.headers.authorization),
  }),
})
