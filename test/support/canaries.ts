import { afterEach, expect } from 'vitest'

/** Values that may go in and must never come out: not in an answer, not in a log line. */
export const CANARY = {
  mfaToken: 'canary-mfa-token-7f3a9c',
  phone: '13912345678',
  email: 'canary.person@example.com',
  accessKeySecret: 'canary-access-key-secret-51e0',
} as const

/** Tokens that the sandbox mints are as secret as ours. */
const MINTED_TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/

const leaks: string[] = []

/** Looks at everything that left the process under test; what leaked fails the test that is running. */
export function watchForLeaks(where: string, text: string): void {
  for (const [name, value] of Object.entries(CANARY)) {
    if (text.includes(value)) leaks.push(`${where}: ${name} in ${text}`)
  }
  if (MINTED_TOKEN.test(text)) leaks.push(`${where}: a token in ${text}`)
}

/** Empties the list; only the test of the watch itself needs the answer. */
export function takeLeaks(): string[] {
  return leaks.splice(0)
}

afterEach(() => {
  expect(takeLeaks()).toEqual([])
})
