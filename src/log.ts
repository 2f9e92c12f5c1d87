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
    // Under its own key for errors pino would take the error's text for the message of the line.
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
