import type { TelemetrySettings } from '../../telemetry/telemetry.ts'
import type { Environment } from '../environment.ts'
import { isServiceLink, port, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import { readTraces } from './traces.ts'

export const METRICS_VARIABLES = {
  METRICS_PORT: variable(
    'Port of `/metrics`, for Prometheus. Everybody who reaches it can read it. Unset: there are no metrics.',
    null,
    port,
    isServiceLink,
  ),
  METRICS_HOST: variable('Address of that port.', '127.0.0.1', word),
}

export function readTelemetry(env: Environment): TelemetrySettings {
  const { METRICS_PORT: port, METRICS_HOST: host } = env.read(METRICS_VARIABLES)
  return { metrics: port === null ? null : { port, host }, traces: readTraces(env) }
}
