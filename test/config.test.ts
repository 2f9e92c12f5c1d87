import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../src/config.ts'
import { CANARY } from './support/canaries.ts'

const KEY = { GENAUTH_ACCESS_KEY_ID: 'id', GENAUTH_ACCESS_KEY_SECRET: CANARY.accessKeySecret }

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) {
      expect(error.message).not.toContain(CANARY.accessKeySecret)
      return error.faults.map(fault => fault.split(':')[0] ?? '')
    }
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('of an empty environment is the sandbox with every default', () => {
    expect(loadConfig({})).toMatchInlineSnapshot(`
      {
        "genauth": {
          "access": null,
          "auth": "token",
          "headerPrefix": "x-authing-",
          "lang": "en-US",
          "signatureScheme": "authing",
          "tenant": null,
          "timeoutMs": 5000,
          "userPoolId": null,
        },
        "log": {
          "level": "info",
        },
        "sandbox": {
          "port": 4010,
        },
        "server": {
          "graphiql": true,
          "host": "127.0.0.1",
          "introspection": true,
          "port": 4000,
        },
      }
    `)
  })

  it('takes an empty variable for an unset one', () => {
    const names = [
      'PORT',
      'HOST',
      'LOG_LEVEL',
      'GENAUTH_URL',
      'GENAUTH_AUTH',
      'GRAPHIQL',
      'GENAUTH_TENANT_ID',
    ]
    expect(loadConfig(Object.fromEntries(names.map(name => [name, ''])))).toEqual(loadConfig({}))
  })

  it('with a key is GenAuth, at its public address unless another is given', () => {
    expect(loadConfig(KEY).genauth.access?.url).toBe('https://api.genauth.ai')
    const url = 'https://genauth.example.com/below/a/path'
    expect(loadConfig({ ...KEY, GENAUTH_URL: url }).genauth.access?.url).toBe(url)
  })

  it('reports every fault at once, by name and meaning, without the values', () => {
    const env = {
      PORT: 'abc',
      LOG_LEVEL: CANARY.accessKeySecret,
      GENAUTH_TIMEOUT_MS: '0',
      GENAUTH_AUTH: 'basic',
    }
    expect(faultsOf(env)).toEqual(['PORT', 'LOG_LEVEL', 'GENAUTH_AUTH', 'GENAUTH_TIMEOUT_MS'])
    expect(() => loadConfig({ PORT: 'abc' })).toThrow(
      'PORT: must be a whole number from 0 to 65535. Port of the GraphQL server.',
    )
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['PORT', '4000.5'],
    ['GENAUTH_TIMEOUT_MS', '60001'],
    ['GENAUTH_TIMEOUT_MS', '9'.repeat(400)],
    ['GRAPHIQL', 'yes'],
    ['INTROSPECTION', 'true'],
    ['SANDBOX', '0'],
    ['GENAUTH_HEADER_PREFIX', 'X-Authing-'],
    ['GENAUTH_TENANT_HEADER', 'host'],
    ['GENAUTH_TENANT_HEADER', 'content-length'],
    ['GENAUTH_LANG', 'en\r\nx-evil: 1'],
    ['GENAUTH_USER_POOL_ID', 'a b'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toContain(name)
  })

  it.each(['ftp://x', 'genauth', 'https://user:pass@x', 'https://x/?a=1', 'https://x/#a'])(
    'refuses the address %s',
    url => {
      expect(faultsOf({ ...KEY, GENAUTH_URL: url })).toEqual(['GENAUTH_URL'])
    },
  )

  it.each([
    [{ GENAUTH_URL: 'https://x' }, ['GENAUTH_ACCESS_KEY_ID', 'GENAUTH_ACCESS_KEY_SECRET']],
    [{ GENAUTH_ACCESS_KEY_ID: 'x' }, ['GENAUTH_ACCESS_KEY_SECRET']],
    [{ GENAUTH_ACCESS_KEY_SECRET: 'x' }, ['GENAUTH_ACCESS_KEY_ID']],
    [{ GENAUTH_TENANT_ID: 'x' }, ['GENAUTH_TENANT_HEADER']],
    [{ GENAUTH_TENANT_HEADER: 'x-y' }, ['GENAUTH_TENANT_ID']],
  ])('asks for what %j needs instead of using the sandbox', (env, names) => {
    expect(faultsOf(env)).toEqual(names)
  })

  it('uses the sandbox in production only when told to, and publishes no schema there', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual(['GENAUTH_ACCESS_KEY_ID'])
    expect(loadConfig({ NODE_ENV: 'production', SANDBOX: '1' }).genauth.access).toBeNull()
    expect(loadConfig({ NODE_ENV: 'production', ...KEY }).server).toMatchObject({
      graphiql: false,
      introspection: false,
    })
    const both = { GRAPHIQL: 'on', INTROSPECTION: 'on' }
    expect(loadConfig({ NODE_ENV: 'production', ...KEY, ...both }).server).toMatchObject({
      graphiql: true,
      introspection: true,
    })
  })
})
