import type { RequestObserver } from '../server/request-observer.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'

/** Counts, times and traces the requests for operations. */
export function createRequestObserver(metrics: Metrics | null, tracing: Tracing | null): RequestObserver {
  return {
    arrived(parent) {
      const startedAtMs = performance.now()
      const span = tracing?.begin('GraphQL request', 'SERVER', parent)
      const outcomes: string[] = []
      return {
        trace: span?.context ?? parent,
        settled(field, outcome) {
          metrics?.operations.inc({ field, outcome })
          if (span !== undefined) outcomes.push(`${field} ${outcome}`)
        },
        ended({ status: sent, operation, codes }) {
          const status = sent ?? 'gone'
          metrics?.responses.inc({ status })
          for (const code of codes) metrics?.errors.inc({ code, status })
          if (operation !== null) {
            metrics?.operationSeconds.observe({ operation }, (performance.now() - startedAtMs) / 1_000)
          }
          const attributes = {
            'graphql.operation.type': operation ?? 'none',
            'graphql.outcomes': outcomes,
            'graphql.error_codes': [...codes],
            ...(sent === null ? {} : { 'http.response.status_code': sent }),
          }
          span?.end(attributes, sent !== null && sent >= 500)
        },
      }
    },
  }
}
