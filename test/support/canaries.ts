import { afterEach, expect } from 'vitest'

/** Values that go in and must never come out, neither in a response nor in a log line. */
export const CANARY = {
  mfaToken: 'canary-mfa-token-7f3a9c',
  phone: '13912345678',
  email: 'canary.person@example.com',
  accessKeySecret: 'canary-access-key-secret-51e0',
} as const

/** Tokens of the sandbox are as secret as ours. */
const MINTED_TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/

const leaks: string[] = []

/** Checks a text that left the process under test. A leak fails the running test. */
export function watchForLeaks(where: string, text: string): void {
  for (const [name, value] of Object.entries(CANARY)) {
    if (text.includes(value)) leaks.push(`${where}: ${name} in ${text}`)
  }
  if (MINTED_TOKEN.test(text)) leaks.push(`${where}: a token in ${text}`)
}

/** Returns and empties the list. Only the test of the watch itself needs the result. */
export function takeLeaks(): string[] {
  return leaks.splice(0)
}

afterEach(() => {
  expect(takeLeaks()).toEqual([])
})
