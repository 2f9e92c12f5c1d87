import type { RateLimits } from '../../access/rate-limits.ts'
import type { EventStreamLimits } from '../../http/event-streams/event-streams.ts'
import type { Environment } from '../environment.ts'
import { parsed, wholeNumber } from '../value-schemas.ts'
import { variable } from '../variable.ts'

const MAX_REFUSED = 1_000_000
const DEFAULT_REFUSED = 300
const MAX_STREAMS = 100_000
/** Settings of earlier versions do not name it. */
const DEFAULT_POLICY = 5

export const LIMIT_VARIABLES = {
  RATE_LIMITS: variable(
    'Limits for each caller: off, or those of the default. `policy` is for an hour and may be left out; the others are for a minute.',
    'reads=600,writes=120,weakenings=60,misses=60,policy=5',
    parsed(
      parseRateLimits,
      'must be off, or reads=N,writes=N,weakenings=N,misses=N,policy=N with whole numbers from 1',
    ),
  ),
  REFUSED_REQUESTS_PER_MINUTE: variable(
    `Requests of one caller that may be refused in a minute for their body, document or variables. Over that, each of its requests fails with 429. A number, or off. Unset: ${DEFAULT_REFUSED}, or off if \`RATE_LIMITS\` is off.`,
    null,
    parsed(parseNumberOrOff, `must be off or a whole number from 1 to ${MAX_REFUSED}`),
  ),
  STREAMS_PER_CALLER: variable(
    'Subscriptions that one caller may have open at the same time in one process. A further one fails with 429.',
    '5',
    wholeNumber(1, MAX_STREAMS),
  ),
  STREAMS_PER_PROCESS: variable(
    'Subscriptions that may be open at the same time in one process. A further one fails with 503. Each needs some memory: see docs/live.md.',
    '200',
    wholeNumber(1, MAX_STREAMS),
  ),
}

export interface LimitSettings {
  /** `null` if there are no limits. */
  readonly rateLimits: RateLimits | null
  /** `null` if there is no limit. */
  readonly refusedRequestsPerMinute: number | null
  readonly eventStreams: EventStreamLimits
}

export function readLimits(env: Environment): LimitSettings {
  const values = env.read(LIMIT_VARIABLES)
  const { RATE_LIMITS: rateLimits, REFUSED_REQUESTS_PER_MINUTE: refused } = values
  // If callers have no limits at all, this limit is off unless it is set.
  const perMinute = refused ?? (rateLimits === 'off' ? 'off' : DEFAULT_REFUSED)
  return {
    rateLimits: rateLimits === 'off' ? null : rateLimits,
    refusedRequestsPerMinute: perMinute === 'off' ? null : perMinute,
    eventStreams: { perCaller: values.STREAMS_PER_CALLER, perProcess: values.STREAMS_PER_PROCESS },
  }
}

function parseRateLimits(text: string): RateLimits | 'off' | null {
  if (text === 'off') return 'off'
  const [, reads, writes, weakenings, misses, policy = DEFAULT_POLICY] =
    /^reads=(\d{1,7}),writes=(\d{1,7}),weakenings=(\d{1,7}),misses=(\d{1,7})(?:,policy=(\d{1,7}))?$/.exec(
      text,
    ) ?? []
  const limits = {
    reads: Number(reads),
    writes: Number(writes),
    weakenings: Number(weakenings),
    misses: Number(misses),
    policy: Number(policy),
  }
  return Object.values(limits).every(limit => limit >= 1) ? limits : null
}

function parseNumberOrOff(text: string): number | 'off' | null {
  if (text === 'off') return 'off'
  return wholeNumber(1, MAX_REFUSED).safeParse(text).data ?? null
}
