import type { SandboxOptions } from '../../sandbox/sandbox.ts'
import type { Environment } from '../environment.ts'
import { isServiceLink, port } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const SANDBOX_VARIABLES = {
  SANDBOX_PORT: variable('Port of the sandbox, on 127.0.0.1.', '4010', port, isServiceLink),
}

/** The sandbox issues tokens for callers, but never in production. */
export type SandboxSettings = Readonly<Required<Pick<SandboxOptions, 'port' | 'issuesTokens'>>>

export function readSandbox(env: Environment, { isProduction }: Mode): SandboxSettings {
  return { port: env.read(SANDBOX_VARIABLES).SANDBOX_PORT, issuesTokens: !isProduction }
}
