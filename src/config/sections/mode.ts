import { z } from 'zod'
import type { Environment } from '../environment.ts'
import { variable } from '../variable.ts'

/** Only these words are allowed. With a misspelt `production` the sandbox and its tokens would otherwise be on. */
const MODES = ['production', 'development', 'test'] as const

export const MODE_VARIABLES = {
  NODE_ENV: variable(
    'production, development, test or unset. production turns GraphiQL and introspection off, and requires an access key, the AUTH_ variables and AUDIT_LOG. The others are alike.',
    null,
    z.enum(MODES, `must be exactly one of ${MODES.join(', ')}, or unset`),
  ),
  SANDBOX: variable(
    '1 allows the sandbox when NODE_ENV is production.',
    null,
    z.literal('1', 'must be 1 or unset'),
  ),
}

export interface Mode {
  readonly isProduction: boolean
  /** `true` if the embedded sandbox may stand in for GenAuth. */
  readonly allowsSandbox: boolean
}

export function readMode(env: Environment): Mode {
  const { NODE_ENV, SANDBOX } = env.read(MODE_VARIABLES)
  const isProduction = NODE_ENV === 'production'
  return { isProduction, allowsSandbox: !isProduction || SANDBOX === '1' }
}
