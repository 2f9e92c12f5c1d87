import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * Creates a log of JSON lines. Each place that logs chooses its fields. `redact` is the net below that, in case a
 * credential comes along with an object. An error shows its kind and origin, but not its message, which may hold a
 * caller's input.
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
    // By default pino would use the error's text as the message of the line.
    errorKey: 'thrown',
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

function toLoggableError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack = '' } = error
  // The stack begins with the message, which may hold lines that look like frames.
  const start = stack.indexOf(message)
  const frames =
    start < 0
      ? []
      : stack
          .slice(start + message.length)
          .split('\n')
          .slice(1)
  return { type: name, stack: frames.map(frame => frame.trim()) }
}
