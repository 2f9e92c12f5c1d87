import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { ConfigError } from '../../src/config/config-error.ts'

const ISSUER = { AUTH_ISSUER: 'https://issuer.example.com/', AUTH_AUDIENCE: 'a' }
const NO_URL = { ...ISSUER, AUTH_ISSUER: 'i', AUTH_JWKS_URL: 'https://issuer.example.com/jwks' }
const PRODUCTION = {
  ...ISSUER,
  NODE_ENV: 'production',
  AUDIT_LOG: 'stdout',
  GENAUTH_ACCESS_KEY_ID: 'id',
  GENAUTH_ACCESS_KEY_SECRET: 'secret',
}
const SCOPES = ['mfa:read', 'mfa:write', 'mfa:report', 'mfa:policy', 'mfa:audit']

function read(env: Record<string, string>): unknown {
  try {
    return loadConfig(env).console
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(fault => fault.split(':')[0])
    throw error
  }
}

describe('the page for support desks', () => {
  it.each<[what: string, env: Record<string, string>, expected: unknown]>([
    ['is on with the sandbox', {}, { clientId: null, scopes: SCOPES, tokenOrigin: null }],
    ['is off if it is switched off', { CONSOLE: 'off' }, null],
    ['needs a client of the issuer', ISSUER, null],
    [
      'is on with a client',
      { ...ISSUER, CONSOLE_CLIENT_ID: 'c' },
      { clientId: 'c', scopes: SCOPES, tokenOrigin: null },
    ],
    [
      'knows another origin of the issuer',
      { ...ISSUER, CONSOLE_CLIENT_ID: 'c', CONSOLE_TOKEN_ORIGIN: 'https://login.example.com/' },
      { clientId: 'c', scopes: SCOPES, tokenOrigin: 'https://login.example.com' },
    ],
    [
      'refuses an origin with a path',
      { CONSOLE_TOKEN_ORIGIN: 'https://a.example/x' },
      ['CONSOLE_TOKEN_ORIGIN'],
    ],
    ['refuses an origin that is none', { CONSOLE_TOKEN_ORIGIN: "'self'" }, ['CONSOLE_TOKEN_ORIGIN']],
    [
      'is refused in production with an origin on plain http',
      {
        ...PRODUCTION,
        CONSOLE: 'on',
        CONSOLE_CLIENT_ID: 'c',
        CONSOLE_TOKEN_ORIGIN: 'http://login.example.com',
      },
      ['CONSOLE_TOKEN_ORIGIN'],
    ],
    ['needs an issuer with discovery', { ...NO_URL, CONSOLE_CLIENT_ID: 'c' }, null],
    ['is off in production', { ...PRODUCTION, CONSOLE_CLIENT_ID: 'c' }, null],
    [
      'is on in production if it is switched on',
      { ...PRODUCTION, CONSOLE: 'on', CONSOLE_CLIENT_ID: 'c', CONSOLE_SCOPES: 'api://x/a, b' },
      { clientId: 'c', scopes: ['api://x/a', 'b'], tokenOrigin: null },
    ],
    ['is refused without a client', { ...ISSUER, CONSOLE: 'on' }, ['CONSOLE_CLIENT_ID']],
    [
      'is refused with an issuer that a browser cannot ask',
      { ...NO_URL, CONSOLE: 'on', CONSOLE_CLIENT_ID: 'c' },
      ['AUTH_ISSUER'],
    ],
    [
      'is refused in production with an issuer on plain http',
      {
        ...PRODUCTION,
        AUTH_ISSUER: 'http://issuer.example.com/',
        AUTH_JWKS_URL: 'https://issuer.example.com/jwks',
        CONSOLE: 'on',
        CONSOLE_CLIENT_ID: 'c',
      },
      ['AUTH_ISSUER'],
    ],
    ['is switched by two words alone', { CONSOLE: 'yes' }, ['CONSOLE']],
  ])('%s', (_, env, expected) => {
    expect(read(env)).toEqual(expected)
  })
})
