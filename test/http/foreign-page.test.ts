import { expect, it } from 'vitest'
import { isForeignPage } from '../../src/http/cross-origin.ts'

it.each([
  ['https://mfa.example.com', 'mfa.example.com', false],
  ['https://mfa.example.com', 'MFA.example.com', false],
  ['https://mfa.example.com', 'mfa.example.com:443', false],
  ['http://mfa.example.com', 'mfa.example.com:80', false],
  ['http://127.0.0.1:4000', '127.0.0.1:4000', false],
  ['https://console.example.com', 'mfa.example.com', false],
  ['https://mfa.example.com', 'mfa.example.com:80', true],
  ['https://mfa.example.com:8443', 'mfa.example.com', true],
  ['https://evil.example', 'mfa.example.com', true],
  ['https://evil.example', 'mfa.example.com@evil.example', true],
  ['https://mfa.example.com', undefined, true],
  ['null', 'mfa.example.com', true],
])('a page of %s at the host %s is foreign: %s', (origin, host, expected) => {
  const headers = { origin, ...(host === undefined ? {} : { host }) }
  expect(isForeignPage({ headers }, ['https://console.example.com'])).toBe(expected)
})
