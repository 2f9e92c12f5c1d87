import { z } from 'zod'
import { LOG_LEVELS, type LogLevel } from '../../log.ts'
import type { Environment } from '../environment.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const LOG_VARIABLES = {
  LOG_LEVEL: variable(
    'One of fatal, error, warn, info, debug, silent.',
    'info',
    z
      .string()
      .toLowerCase()
      .pipe(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)),
    isOtherLogLevel,
  ),
}

export interface LogSettings {
  readonly level: LogLevel
  /** `true` if a terminal gets readable lines. */
  readonly isReadable: boolean
}

export function readLog(env: Environment, { isProduction }: Mode): LogSettings {
  return { level: env.read(LOG_VARIABLES).LOG_LEVEL, isReadable: !isProduction }
}

/** Other programs that use this variable have other levels. */
function isOtherLogLevel(text: string): boolean {
  return /^(?:all|trace|verbose|notice|warning|err|crit|critical|alert|emerg|none|off|\d{1,3})$/i.test(text)
}
