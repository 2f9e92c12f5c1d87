import type { RequestObserver } from '../http/request-observer.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'

/** Those that OpenTelemetry's conventions for HTTP know; any other word is its caller's choice. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])

/** Counts, times and traces the requests for operations. */
export function createRequestObserver(metrics: Metrics | null, tracing: Tracing | null): RequestObserver {
  return {
    arrived(sent) {
      const startedAtMs = performance.now()
      const span = tracing?.beginRequest('GraphQL request', sent)
      const fields = new Set<string>()
      const outcomes: string[] = []
      return {
        trace: span?.context ?? sent.parent,
        settled(field, outcome) {
          metrics?.operations.inc({ field, outcome })
          if (span === undefined) return
          fields.add(field)
          outcomes.push(`${field} ${outcome}`)
        },
        ended({ status: sentStatus, operation, operationName, method, codes }) {
          const status = sentStatus ?? 'gone'
          metrics?.responses.inc({ status })
          for (const code of codes) metrics?.errors.inc({ code, status })
          if (operation !== null) {
            metrics?.operationSeconds.observe({ operation }, (performance.now() - startedAtMs) / 1_000)
          }
          const isFault = sentStatus !== null && sentStatus >= 500
          const attributes = {
            'http.request.method': METHODS.has(method) ? method : '_OTHER',
            'http.route': '/graphql',
            ...(operation === null ? {} : { 'graphql.operation.type': operation }),
            ...(operationName === null ? {} : { 'graphql.operation.name': operationName }),
            'graphql.root_fields': [...fields],
            'graphql.outcomes': outcomes,
            'graphql.error_codes': [...codes],
            ...(sentStatus === null ? {} : { 'http.response.status_code': sentStatus }),
            ...(isFault ? { 'error.type': String(sentStatus) } : {}),
          }
          span?.end(attributes, isFault)
        },
      }
    },
  }
}
