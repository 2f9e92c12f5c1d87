import { namingListenFaults } from '../http/listen-error.ts'
import type { Telemetry, TelemetryOptions } from './telemetry.ts'

/**
 * Starts metrics, traces, or both. If a deployment wants neither, none of their code is loaded.
 *
 * @returns `null` for neither
 * @throws ListenError
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry | null> {
  if (options.metrics === null && options.traces === null) return null
  const { createTelemetry } = await import('./telemetry.ts')
  return namingListenFaults({ port: 'METRICS_PORT', host: 'METRICS_HOST' }, createTelemetry(options))
}
