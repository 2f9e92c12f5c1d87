import type { Logger } from 'pino'
import type { Config } from './config.ts'

/** Logs at the start the settings that could surprise an operator later. */
export function logConfig({ ignoredVariables, guardRails, access }: Config, log: Logger): void {
  const foreign = 'this shared variable has a value for another program: it counts as unset here'
  for (const ignored of ignoredVariables) log.warn(ignored, foreign)
  if (guardRails.allowSelfWeakening) return
  // A mark whose claim no token holds would refuse every such change.
  const marks = access.clientTokens.map(mark => (mark.kind === 'CLAIM' ? `${mark.name}=…` : 'sub-is-client'))
  const orClientTokens = marks.length === 0 ? 'none' : marks
  log.info(
    { onlyWithClaim: access.userIdClaim, orClientTokens },
    'the callers that may weaken or redirect MFA',
  )
}
