import { expect, it } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { createVerifiedTokens } from '../../src/access/verified-tokens.ts'
import { clockAt } from '../support/hand-clock.ts'

const START_MS = 1_700_000_000_000
const FAR_MS = START_MS + 3_600_000

function tokensAt() {
  const clock = { nowMs: START_MS, keysVersion: 1 }
  const tokens = createVerifiedTokens({
    keysVersion: () => clock.keysVersion,
    clock: clockAt(() => clock.nowMs),
  })
  return { clock, tokens }
}

const callerOf = (subject: string): Caller => ({
  issuer: 'https://issuer.example',
  subject,
  client: null,
  scopes: new Set(['READ']),
  scopeNames: ['mfa:read'],
  genauthId: null,
  isClient: false,
  authTimeS: null,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  acr: null,
  amr: [],
})

it.each<[string, (clock: { nowMs: number; keysVersion: number }) => void, number, boolean]>([
  ['is known for a minute', clock => void Object.assign(clock, { nowMs: START_MS + 59_999 }), FAR_MS, true],
  ['and no longer', clock => void Object.assign(clock, { nowMs: START_MS + 60_000 }), FAR_MS, false],
  [
    'is not known after its end',
    clock => void Object.assign(clock, { nowMs: START_MS + 5_000 }),
    START_MS + 5_000,
    false,
  ],
  ['is not known by new keys', clock => void Object.assign(clock, { keysVersion: 2 }), FAR_MS, false],
  [
    'is not known by a clock set back',
    clock => void Object.assign(clock, { nowMs: START_MS - 1 }),
    FAR_MS,
    false,
  ],
])('a verified token %s', (_what, change, endsAtMs, isKnown) => {
  const { clock, tokens } = tokensAt()
  tokens.keep('token', { caller: callerOf('a'), keysVersion: 1, untilMs: endsAtMs })
  change(clock)
  expect(tokens.find('token')?.subject ?? null).toBe(isKnown ? 'a' : null)
  expect(tokens.find('other')).toBeNull()
})

it('a token is not known that was verified by keys which are others by now', () => {
  const { clock, tokens } = tokensAt()
  clock.keysVersion = 2
  tokens.keep('token', { caller: callerOf('a'), keysVersion: 1, untilMs: FAR_MS })
  expect(tokens.find('token')).toBeNull()
})

it('a thousand verified tokens are known, the latest', () => {
  const { tokens } = tokensAt()
  for (let serial = 0; serial < 1_500; serial++) {
    tokens.keep(`token ${serial}`, { caller: callerOf(`${serial}`), keysVersion: 1, untilMs: FAR_MS })
  }
  const known = Array.from({ length: 1_500 }, (_, serial) => tokens.find(`token ${serial}`))
  expect(known.filter(caller => caller !== null)).toHaveLength(1_000)
  expect(known[499]).toBeNull()
  expect(known[500]?.subject).toBe('500')
})
