import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * JSON lines. What is logged is chosen field by field where it is logged; `redact` is the net below that for the
 * places where a credential could come along with an object. An error shows its kind and where it arose, not its
 * message, which may hold what somebody typed.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: [
      '*.authorization',
      '*.mfaToken',
      '*.accessKeySecret',
      'authorization',
      'mfaToken',
      'accessKeySecret',
    ],
    serializers: { err: toLoggableError },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

function toLoggableError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const frames = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  return { type: error.name, stack: frames.map(frame => frame.trim()) }
}
