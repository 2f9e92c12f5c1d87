import { isThrottled, toVerdict } from './failures.ts'
import { PASSING_FAULTS } from './retry.ts'
import type { Answer } from './transport.ts'

/**
 * What an answer says of whether GenAuth works. A refusal is an answer: good. A 429 says that it works, and no more
 * than that: neither. So is an attempt whose little time ran out, and a page under HTTP 4xx, as a firewall before
 * GenAuth sends it: they say more of what a caller asked for.
 */
export function toCallHealth(answer: Answer, hadTime: boolean): CallHealth {
  switch (answer.kind) {
    case 'NONE':
      return answer.isLate && !hadTime ? 'NEITHER' : 'BAD'
    case 'FOREIGN':
      return answer.httpStatus >= 400 && answer.httpStatus < 500 ? 'NEITHER' : 'BAD'
    case 'ENVELOPE': {
      const verdict = toVerdict(answer)
      if (isThrottled(answer)) return 'NEITHER'
      return !verdict.ok &&
        verdict.failure.kind === 'UPSTREAM_UNAVAILABLE' &&
        PASSING_FAULTS.has(answer.envelope.statusCode)
        ? 'BAD'
        : 'GOOD'
    }
  }
}

/** What a call came to, as far as it says whether the other side works. `NEITHER` is as if it had not been made. */
export type CallHealth = 'GOOD' | 'BAD' | 'NEITHER'
