import { createServer } from 'node:http'
import { Counter, collectDefaultMetrics, Histogram, register } from 'prom-client'
import { settings } from './settings.ts'

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const requests = new Counter({
  name: 'graphql_requests_total',
  help: 'Requests, by operation and outcome.',
  labelNames: ['operation', 'outcome'],
})
const requestDurations = new Histogram({
  name: 'graphql_request_duration_seconds',
  help: 'Duration of requests.',
  labelNames: ['operation'],
  buckets: BUCKETS_S,
})
const upstreamDurations = new Histogram({
  name: 'upstream_request_duration_seconds',
  help: 'Duration of calls to GenAuth.',
  labelNames: ['endpoint', 'outcome'],
  buckets: BUCKETS_S,
})
const auditDurations = new Histogram({
  name: 'audit_record_duration_seconds',
  help: 'Time until a record is synced.',
  labelNames: ['kind'],
  buckets: BUCKETS_S,
})

/** Counts a request that has ended. */
export function observeRequest(operation: string, outcome: 'OK' | 'ERROR', seconds: number): void {
  requests.inc({ operation, outcome })
  requestDurations.observe({ operation }, seconds)
}

export async function timeCall<T>(endpoint: string, call: () => Promise<T>): Promise<T> {
  const end = upstreamDurations.startTimer({ endpoint })
  try {
    const result = await call()
    end({ outcome: 'OK' })
    return result
  } catch (error) {
    end({ outcome: 'ERROR' })
    throw error
  }
}

export async function timeRecord(kind: string, append: () => Promise<void>): Promise<void> {
  const end = auditDurations.startTimer({ kind })
  await append()
  end()
}

/** Serves the metrics on a port of their own. */
export function serveMetrics(): void {
  collectDefaultMetrics()
  createServer(async (_request, response) => {
    const text = await register.metrics()
    response.writeHead(200, { 'content-type': register.contentType }).end(text)
  }).listen(settings.METRICS_PORT, '127.0.0.1')
}
