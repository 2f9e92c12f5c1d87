import type { SandboxOptions } from '../../sandbox/sandbox.ts'
import { MAX_USER_COUNT, SEEDED_USER_COUNT } from '../../sandbox/user-count.ts'
import type { Environment } from '../environment.ts'
import { isServiceLink, port, wholeNumber } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const SANDBOX_VARIABLES = {
  SANDBOX_PORT: variable('Port of the sandbox, on 127.0.0.1.', '4010', port, isServiceLink),
  SANDBOX_USERS: variable(
    'How many made-up users the sandbox has. The same ones at every start.',
    String(SEEDED_USER_COUNT),
    wholeNumber(SEEDED_USER_COUNT, MAX_USER_COUNT),
  ),
}

/** The sandbox issues tokens for callers, but never in production. */
export type SandboxSettings = Readonly<Required<Pick<SandboxOptions, 'port' | 'issuesTokens' | 'userCount'>>>

export function readSandbox(env: Environment, { isProduction }: Mode): SandboxSettings {
  const { SANDBOX_PORT, SANDBOX_USERS } = env.read(SANDBOX_VARIABLES)
  return { port: SANDBOX_PORT, issuesTokens: !isProduction, userCount: SANDBOX_USERS }
}
