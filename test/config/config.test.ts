import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { ConfigError } from '../../src/config/config-error.ts'
import { CANARY } from '../support/canaries.ts'

const AUTH = { AUTH_JWKS_URL: 'https://issuer.example.com/jwks', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' }
const KEY = { ...AUTH, GENAUTH_ACCESS_KEY_ID: 'id', GENAUTH_ACCESS_KEY_SECRET: CANARY.accessKeySecret }
const PRODUCTION = { NODE_ENV: 'production', AUDIT_LOG: 'stdout' }

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
        "access": {
          "audienceClaim": "aud",
          "clientTokens": [],
          "issuer": null,
          "jwksMaxAgeS": 300,
          "jwksMaxStaleS": 43200,
          "scopeClaims": [
            "scope",
            "scp",
            "permissions",
          ],
          "scopeNames": {
            "audit": "mfa:audit",
            "policy": "mfa:policy",
            "read": "mfa:read",
            "report": "mfa:report",
            "write": "mfa:write",
          },
          "tokenType": null,
          "userIdClaim": "sub",
        },
        "console": {
          "clientId": null,
          "scopes": [
            "mfa:read",
            "mfa:write",
            "mfa:report",
            "mfa:policy",
            "mfa:audit",
          ],
          "tokenOrigin": null,
        },
        "federation": {
          "authDirectives": null,
          "userIdType": "USER_ID",
        },
        "genauth": {
          "access": null,
          "auth": "token",
          "headerPrefix": "x-authing-",
          "maxRps": 300,
          "signatureScheme": "authing",
          "tenant": null,
          "timeoutMs": 5000,
          "userPoolId": null,
        },
        "guardRails": {
          "allowSelfWeakening": false,
          "requireReason": "off",
          "sharedLockFor": "off",
          "stepUp": {
            "acrValues": [
              "mfa",
            ],
            "amrValues": [],
            "maxAgeS": 28800,
          },
        },
        "history": {
          "days": 400,
        },
        "ignoredVariables": [],
        "isProduction": false,
        "journal": {
          "keys": [],
          "log": "stdout",
          "mustBeKept": false,
          "segmentBytes": 16777216,
        },
        "limits": {
          "eventStreams": {
            "perCaller": 5,
            "perProcess": 200,
          },
          "rateLimits": {
            "misses": 60,
            "policy": 5,
            "reads": 600,
            "weakenings": 60,
            "writes": 120,
          },
          "refusedRequestsPerMinute": 300,
        },
        "log": {
          "isReadable": true,
          "level": "info",
        },
        "protection": {
          "groupCode": null,
          "userIds": [],
        },
        "redis": null,
        "sandbox": {
          "issuesTokens": true,
          "port": 4010,
          "userCount": 64,
        },
        "scans": {
          "nightly": null,
        },
        "secretsFromFiles": [],
        "server": {
          "corsOrigins": [],
          "graphiql": true,
          "host": "127.0.0.1",
          "introspection": true,
          "keepAliveTimeoutMs": 620000,
          "port": 4000,
          "requestDeadlineMs": 10000,
          "shutdownDelayMs": 0,
          "trustedProxies": {
            "kind": "NONE",
          },
        },
        "store": {
          "kind": "temporary",
        },
        "telemetry": {
          "metrics": null,
          "traces": null,
        },
        "trustedDocuments": {
          "file": null,
          "mode": "off",
        },
      }
    `)
  })

  it.each(['', 'development', 'test'])('takes NODE_ENV=%s for no production', NODE_ENV => {
    expect(loadConfig({ NODE_ENV })).toEqual(loadConfig({}))
    expect(loadConfig({ NODE_ENV }).isProduction).toBe(false)
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
    ['AUTH_JWKS_MAX_AGE_S', '0'],
    ['AUTH_JWKS_MAX_STALE_S', 'long'],
    ['REFUSED_REQUESTS_PER_MINUTE', '0'],
    ['REFUSED_REQUESTS_PER_MINUTE', 'many'],
    ['RATE_LIMITS', 'reads=1'],
    ['AUTH_CLIENT_TOKENS', 'sub-is-client,gty'],
    ['AUTH_CLIENT_TOKENS', '=app'],
    ['RATE_LIMITS', 'reads=0,writes=1,weakenings=1,misses=1'],
    ['RATE_LIMITS', 'reads=1,writes=1,weakenings=1,misses=1,policy=0'],
    ['RATE_LIMITS', 'reads=1,writes=1,weakenings=1,misses=1,policy='],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example.com/path'],
    ['AUTH_STEP_UP_MAX_AGE_S', '0'],
    ['REQUIRE_REASON', 'sometimes'],
    ['PROTECTED_USERS', ','],
    ['PROTECTED_USERS', ' '],
    ['PROTECTED_USERS', '65a000000000000000000001 65a000000000000000000002'],
    ['PROTECTED_USERS', '65a000000000000000000001,alan@example.com'],
    ['PROTECTED_USERS', '+8613800000001'],
    ['PROTECTED_USERS', Array.from({ length: 501 }, (_, index) => `user-${index}`).join()],
    ['PROTECTED_GROUP', ' break-glass'],
    ['PROTECTED_GROUP', 'break-glass,administrators'],
    ['PROTECTED_GROUP', 'break\nglass'],
    ['AUDIT_KEY', 'short'],
    ['AUDIT_KEY', 'a-key-of-sixteen-or-more\nshort'],
    ['AUDIT_KEY', '\n'],
    ['GENAUTH_TIMEOUT_MS', '9'.repeat(400)],
    ['GRAPHIQL', 'yes'],
    ['INTROSPECTION', 'true'],
    ['SANDBOX', '0'],
    ['NODE_ENV', 'prod'],
    ['NODE_ENV', 'Production'],
    ['NODE_ENV', 'PRODUCTION'],
    ['NODE_ENV', 'production '],
    ['NODE_ENV', ' production'],
    ['NODE_ENV', 'production\r'],
    ['NODE_ENV', 'staging'],
    ['NODE_ENV', ' '],
    ['FEDERATION_AUTH_DIRECTIVES', 'true'],
    ['GENAUTH_HEADER_PREFIX', 'X-Authing-'],
    ['GENAUTH_TENANT_HEADER', 'host'],
    ['GENAUTH_TENANT_HEADER', 'content-length'],
    ['GENAUTH_SIGNATURE_SCHEME', 'en\r\nx-evil: 1'],
    ['GENAUTH_USER_POOL_ID', 'a b'],
    ['METRICS_PORT', '70000'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'redis://localhost:6379/one'],
    ['REDIS_URL', 'redis://localhost:6379?family=6'],
    ['REDIS_URL', 'redis://:100%@localhost'],
    ['REDIS_URL', 'redis://localhost:99999'],
    ['REDIS_KEY_PREFIX', 'a b'],
    ['REDIS_REPLICAS', '0'],
    ['REDIS_REQUIRED_FOR', 'reads'],
    ['REDIS_TIMEOUT_MS', '9'],
    ['REDIS_TIMEOUT_MS', '2001'],
    ['REDIS_LOST_AFTER_TIMEOUTS', '0'],
    ['MFA_SCAN_CRON', 'nightly'],
    ['MFA_SCAN_CRON', '0 25 * * *'],
    ['MFA_SCAN_CRON', '0 0 2 * * *'],
    ['MFA_SCAN_CRON', '0 2 30 2 *'],
    ['STORE_URL', '/var/lib/store.db'],
    ['STORE_URL', 'file:store.db'],
    ['STORE_URL', 'file:./store.db'],
    ['STORE_URL', 'file:/'],
    ['STORE_URL', 'file:/var/lib/'],
    ['STORE_URL', 'file://host/store.db'],
    ['STORE_URL', 'file:/a%2Fb.db'],
    ['STORE_URL', 'file:/a.db?mode=ro'],
    ['STORE_URL', 'mysql://u@localhost/d'],
    ['STORE_URL', 'postgres://localhost/d'],
    ['STORE_URL', 'postgres://u@/d'],
    ['STORE_URL', 'postgres://u@localhost'],
    ['STORE_URL', 'postgres://u@localhost/d/e'],
    ['STORE_URL', 'postgres://u:100%@localhost/d'],
    ['STORE_URL', 'postgres://u@localhost/d?sslmode=require'],
    ['STORE_URL', 'postgres://u@localhost/d?options=-c'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toContain(name)
  })

  it.each([
    ['PORT', 'tcp://10.0.0.1:4000'],
    ['METRICS_PORT', 'tcp://10.0.0.1:9464'],
    ['METRICS_PORT', 'udp://10.0.0.1:53'],
    ['SANDBOX_PORT', 'TCP://[fd00::1]:4010'],
    ['HOST', 'x86_64-conda-linux-gnu'],
    ['HOST', 'arm64-apple-darwin20.0.0'],
    ['LOG_LEVEL', 'trace'],
    ['LOG_LEVEL', 'WARNING'],
    ['LOG_LEVEL', '30'],
    ['OTEL_SDK_DISABLED', '1'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_EXPORTER', 'otlp,console'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector:4317'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://user:pass@collector'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'thrift'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s'],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '0.0'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '-1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'NaN'],
    ['OTEL_TRACES_SAMPLER_ARG', '0x1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'endpoint=http://localhost:14250,pollingIntervalMs=5000'],
    ['OTEL_PROPAGATORS', 'tracecontext,b3'],
  ])('takes %s=%s for the value of another program, and says so by name', (name, value) => {
    const { ignoredVariables, ...config } = loadConfig({ [name]: value })
    expect(ignoredVariables).toEqual([
      { variable: name, rule: expect.stringMatching(/^must (?!.*\bundefined)/) },
    ])
    expect(JSON.stringify(ignoredVariables)).not.toContain(value)
    expect({ ignoredVariables: [], ...config }).toEqual(loadConfig({}))
  })

  it.each(['4000/tcp', 'http://localhost:4000', 'tcp', '70000'])('still refuses PORT=%s', PORT => {
    expect(faultsOf({ PORT })).toEqual(['PORT'])
  })

  it.each([
    ['INFO', 'info'],
    ['Debug', 'debug'],
  ])('takes a level in any case: %s', (LOG_LEVEL, level) => {
    expect(loadConfig({ LOG_LEVEL }).log.level).toBe(level)
  })

  it.each(['PHONE', 'EMAIL', 'IDENTITY', 'SYNC_RELATION', 'CUSTOM_FIELD', 'user_id', 'ID'])(
    'refuses users whom a supergraph would know by %s',
    type => {
      expect(faultsOf({ FEDERATION_USER_ID_TYPE: type })).toEqual(['FEDERATION_USER_ID_TYPE'])
    },
  )

  it.each(['GENAUTH_TIMEOUT_MS', 'GENAUTH_MAX_RPS', 'REQUEST_DEADLINE_MS', 'SHUTDOWN_DELAY_MS'])(
    'refuses %s by its name where it is negative, huge or no whole number',
    name => {
      for (const value of [
        '-1',
        '1000000000',
        '9'.repeat(400),
        '1.5',
        '1e3',
        '0x10',
        'NaN',
        'soon',
        ' 5000',
      ]) {
        expect(faultsOf({ [name]: value })).toEqual([name])
      }
    },
  )

  it('refuses a deadline that leaves a write no time to be read back', () => {
    expect(faultsOf({ REQUEST_DEADLINE_MS: '1499' })).toEqual(['REQUEST_DEADLINE_MS'])
    expect(loadConfig({ REQUEST_DEADLINE_MS: '1500' }).server.requestDeadlineMs).toBe(1_500)
    expect(faultsOf({ GENAUTH_MAX_RPS: '0' })).toEqual(['GENAUTH_MAX_RPS'])
    expect(loadConfig({ SHUTDOWN_DELAY_MS: '0' }).server.shutdownDelayMs).toBe(0)
    expect(faultsOf({ KEEP_ALIVE_TIMEOUT_MS: '999' })).toEqual(['KEEP_ALIVE_TIMEOUT_MS'])
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

  it('needs to know who issues tokens, except on the embedded sandbox outside production', () => {
    const { AUTH_JWKS_URL: _jwks, AUTH_ISSUER: _issuer, AUTH_AUDIENCE: _audience, ...keyAlone } = KEY
    const all = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE']
    expect(loadConfig({}).access.issuer).toBeNull()
    expect(faultsOf(keyAlone)).toEqual(all)
    expect(faultsOf({ ...PRODUCTION, SANDBOX: '1' })).toEqual(all)
    expect(faultsOf({ AUTH_ISSUER: 'x' })).toEqual(['AUTH_JWKS_URL', 'AUTH_AUDIENCE'])
    expect(faultsOf({ AUTH_ISSUER: 'https://x' })).toEqual(['AUTH_AUDIENCE'])
    expect(loadConfig({ ...PRODUCTION, ...KEY }).sandbox.issuesTokens).toBe(false)
  })

  it('needs no address of the keys where the issuer is a URL at which its document can be', () => {
    const { AUTH_JWKS_URL: _jwks, ...withDiscovery } = KEY
    const issuerOf = (AUTH_ISSUER: string) => loadConfig({ ...withDiscovery, AUTH_ISSUER }).access.issuer
    for (const issuer of ['https://x', 'https://x/', 'https://x/realms/one', 'http://127.0.0.1:8080']) {
      expect(issuerOf(issuer)).toEqual({ jwksUrl: null, issuer, audience: 'a' })
    }
    for (const issuer of ['x', 'urn:x', 'https://x?y', 'https://x#y', 'https://x:y@z', 'file:///x']) {
      expect(faultsOf({ ...withDiscovery, AUTH_ISSUER: issuer })).toEqual(['AUTH_JWKS_URL'])
    }
  })

  it('takes names of claims, one or several', () => {
    const { access } = loadConfig({ AUTH_AUDIENCE_CLAIM: 'client_id', AUTH_SCOPE_CLAIM: 'scp, /a/b.c,x:y' })
    expect(access).toMatchObject({ audienceClaim: 'client_id', scopeClaims: ['scp', '/a/b.c', 'x:y'] })
    expect(loadConfig({}).access).toMatchObject({
      audienceClaim: 'aud',
      scopeClaims: ['scope', 'scp', 'permissions'],
    })
    expect(faultsOf({ AUTH_SCOPE_CLAIM: 'scp,,roles' })).toEqual(['AUTH_SCOPE_CLAIM'])
  })

  it.each([
    'http://genauth.example.com',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://[::2]',
  ])('refuses %s in production, for GenAuth and for the keys of the issuer', url => {
    expect(faultsOf({ ...PRODUCTION, ...KEY, GENAUTH_URL: url })).toEqual(['GENAUTH_URL'])
    expect(faultsOf({ ...PRODUCTION, ...KEY, AUTH_JWKS_URL: url })).toEqual(['AUTH_JWKS_URL'])
    expect(faultsOf({ ...PRODUCTION, ...KEY, AUTH_ISSUER: url })).toEqual([])
    expect(faultsOf({ ...PRODUCTION, ...KEY, AUTH_ISSUER: url, AUTH_JWKS_URL: '' })).toEqual(['AUTH_ISSUER'])
    expect(faultsOf({ ...KEY, GENAUTH_URL: url, AUTH_JWKS_URL: url })).toEqual([])
    expect(() => loadConfig({ ...PRODUCTION, ...KEY, GENAUTH_URL: url })).toThrow(
      'GENAUTH_URL: must be https in production, unless the host is this machine itself',
    )
  })

  it('repeats nothing of a REDIS_URL, which holds a password', () => {
    const secret = 'canary-redis-password'
    for (const url of [`redis//:${secret}@localhost`, `redis://:${secret}@localhost/x`]) {
      expect(() => loadConfig({ REDIS_URL: url })).toThrow('REDIS_URL: must be')
      expect(() => loadConfig({ REDIS_URL: url })).not.toThrow(secret)
    }
  })

  it('wants the way to Redis closed in production, and what needs it only with it', () => {
    const production = { ...PRODUCTION, ...KEY }
    expect(faultsOf({ ...production, REDIS_URL: 'redis://redis.example.com' })).toEqual(['REDIS_URL'])
    expect(faultsOf({ ...production, REDIS_URL: 'REDIS://redis.example.com' })).toEqual(['REDIS_URL'])
    expect(faultsOf({ ...production, REDIS_URL: 'rediss://u:p%20w@redis.example.com:6380/1' })).toEqual([])
    expect(faultsOf({ ...production, REDIS_URL: 'redis://127.0.0.1:6379' })).toEqual([])
    expect(faultsOf({ REDIS_REPLICAS: '3' })).toEqual(['REDIS_URL'])
    expect(faultsOf({ REDIS_REQUIRED_FOR: 'writes' })).toEqual(['REDIS_URL'])
    expect(faultsOf({ REDIS_REQUIRED_FOR: 'off' })).toEqual([])
    const slow = { REDIS_TIMEOUT_MS: '2000', REDIS_LOST_AFTER_TIMEOUTS: '5' }
    expect(faultsOf({ ...slow, REDIS_URL: 'redis://localhost' })).toEqual(['REDIS_LOST_AFTER_TIMEOUTS'])
    expect(faultsOf(slow)).toEqual([])
  })

  it('reads where the store is', () => {
    const storeOf = (url: string) => loadConfig({ STORE_URL: url }).store
    expect(loadConfig({}).store, 'of the sandbox').toEqual({ kind: 'temporary' })
    expect(loadConfig({ REDIS_URL: 'redis://127.0.0.1' }).store).toBeNull()
    expect(loadConfig(KEY).store).toBeNull()
    const file = { kind: 'file', path: '/var/lib/a b.db' }
    for (const url of ['file:/var/lib/a%20b.db', 'file:///var/lib/a b.db']) expect(storeOf(url)).toEqual(file)
    expect(storeOf('postgres://u%40x:p%2Fw@[::1]:6432/d?sslmode=verify-full')).toEqual({
      kind: 'postgres',
      host: '::1',
      port: 6_432,
      user: 'u@x',
      password: 'p/w',
      database: 'd',
      isVerified: true,
    })
    expect(storeOf('postgresql://u@db/d')).toMatchObject({ port: 5_432, password: null, isVerified: false })
  })

  it('reads when the nightly scan starts, in UTC, and wants a store for it', () => {
    const nextOf = (cron: string) => {
      const next = loadConfig({ MFA_SCAN_CRON: cron }).scans.nightly?.nextAfter(Date.UTC(2030, 0, 1, 2))
      return new Date(next ?? 0).toISOString()
    }
    expect(nextOf('0 2 * * *')).toBe('2030-01-02T02:00:00.000Z')
    expect(nextOf('*/15 * * * MON-FRI')).toBe('2030-01-01T02:15:00.000Z')
    expect(nextOf('0 2 29 2 *')).toBe('2032-02-29T02:00:00.000Z')
    expect(loadConfig({}).scans.nightly).toBeNull()
    const real = { ...PRODUCTION, ...KEY, MFA_SCAN_CRON: '0 2 * * *' }
    expect(faultsOf(real)).toEqual(['STORE_URL'])
    expect(faultsOf({ ...real, STORE_URL: 'file:/var/lib/store.db' })).toEqual([])
    const shared = { MFA_SCAN_CRON: '0 2 * * *', REDIS_URL: 'redis://localhost' }
    expect(faultsOf(shared)).toEqual(['STORE_URL'])
  })

  it('repeats nothing of a STORE_URL, which holds a password', () => {
    const secret = 'canary-store-password'
    for (const url of [`postgres//u:${secret}@localhost/d`, `postgres://u:${secret}@localhost/d?x=1`]) {
      expect(() => loadConfig({ STORE_URL: url })).toThrow('STORE_URL: must be')
      expect(() => loadConfig({ STORE_URL: url })).not.toThrow(secret)
    }
  })

  it('wants the way to PostgreSQL closed in production, and no file that replicas would share', () => {
    const production = { ...PRODUCTION, ...KEY }
    const open = 'postgres://u@db.example.com/d'
    expect(faultsOf({ ...production, STORE_URL: open })).toEqual(['STORE_URL'])
    expect(faultsOf({ ...production, STORE_URL: `${open}?sslmode=disable` })).toEqual(['STORE_URL'])
    expect(faultsOf({ ...production, STORE_URL: `${open}?sslmode=verify-full` })).toEqual([])
    expect(faultsOf({ ...production, STORE_URL: 'postgres://u@[::1]/d' })).toEqual([])
    expect(faultsOf({ STORE_URL: open })).toEqual([])
    const shared = { REDIS_URL: 'redis://localhost' }
    expect(faultsOf({ ...shared, STORE_URL: 'file:/var/lib/store.db' })).toEqual(['STORE_URL'])
    expect(faultsOf({ ...shared, STORE_URL: open })).toEqual([])
  })

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a certificate with its key, and an authority',
      { CERT: 'good.pem', KEY: 'server-key.pem', CA: 'ca.pem' },
      [],
    ],
    ['an authority alone', { CA: 'ca.pem' }, []],
    ['a certificate without its key', { CERT: 'good.pem' }, ['REDIS_TLS_KEY_FILE']],
    ['a key without its certificate', { KEY: 'server-key.pem' }, ['REDIS_TLS_CERT_FILE']],
    ['a key of another certificate', { CERT: 'ca.pem', KEY: 'server-key.pem' }, ['REDIS_TLS_KEY_FILE']],
    [
      'a key in place of a certificate',
      { CERT: 'server-key.pem', KEY: 'server-key.pem' },
      ['REDIS_TLS_CERT_FILE'],
    ],
    ['a certificate in place of a key', { CERT: 'good.pem', KEY: 'good.pem' }, ['REDIS_TLS_KEY_FILE']],
    ['a file that is not there', { CA: 'canary-none.pem' }, ['REDIS_TLS_CA_FILE']],
    ['a file that is no certificate', { CA: 'make.sh' }, ['REDIS_TLS_CA_FILE']],
  ])('judges the files for TLS to Redis: %s', (_what, files, expected) => {
    const env = Object.fromEntries(
      Object.entries(files).map(([name, file]) => [
        `REDIS_TLS_${name}_FILE`,
        `test/support/certificates/${file}`,
      ]),
    )
    expect(faultsOf({ ...env, REDIS_URL: 'rediss://redis.example.com' })).toEqual(expected)
    expect(faultsOf({ ...env, REDIS_URL: 'redis://localhost' })).toEqual(['REDIS_URL', ...expected])
    expect(faultsOf(env)).toEqual(['REDIS_URL', ...expected])
    if (expected.length === 0) return
    expect(() => loadConfig({ ...env, REDIS_URL: 'rediss://redis.example.com' })).not.toThrow('canary')
  })

  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://127.1:1', 'http://[::1]:1', 'https://x'])(
    'takes %s in production',
    url => {
      expect(faultsOf({ ...PRODUCTION, ...KEY, GENAUTH_URL: url, AUTH_JWKS_URL: url })).toEqual([])
    },
  )

  it.each(['GENAUTH_ACCESS_KEY_ID', 'GENAUTH_ACCESS_KEY_SECRET'])(
    'L13 refuses to start with an empty %s, by its name',
    name => {
      expect(faultsOf({ ...PRODUCTION, ...KEY, [name]: '' })).toEqual([name])
    },
  )

  it('asks production where writes are recorded', () => {
    expect(faultsOf({ NODE_ENV: 'production', ...KEY })).toEqual(['AUDIT_LOG'])
  })

  it.each([
    'STDOUT',
    'stdout ',
    ' stdout',
    'stdout\n',
    '-',
    'stderr',
    'none',
    'off',
    ' /var/a.jsonl',
    '/var/a.jsonl ',
  ])('writes no journal into a file that is named %j', AUDIT_LOG => {
    expect(faultsOf({ AUDIT_LOG })).toEqual(['AUDIT_LOG'])
  })

  it.each(['stdout', '/var/journal', 'audit.jsonl', '../audit', '/var/a b/audit', '/a'])(
    'takes %j for the journal',
    AUDIT_LOG => {
      expect(loadConfig({ AUDIT_LOG }).journal.log).toBe(AUDIT_LOG)
    },
  )

  it('reads the protected users, by commas and by lines, and their group', () => {
    const { protection } = loadConfig({ PROTECTED_USERS: 'a, b\r\nc,\n', PROTECTED_GROUP: 'break glass' })
    expect(protection).toEqual({ userIds: ['a', 'b', 'c'], groupCode: 'break glass' })
  })

  it('reads limits, lists and the rules of a step-up', () => {
    const config = loadConfig({
      RATE_LIMITS: 'reads=1,writes=2,weakenings=3,misses=4',
      CORS_ORIGINS: 'https://a.example.com, http://localhost:3000',
      AUTH_STEP_UP_MAX_AGE_S: '300',
      AUTH_STEP_UP_ACR: 'mfa, phr',
    })
    const limits = { reads: 1, writes: 2, weakenings: 3, misses: 4 }
    expect(config.limits.rateLimits).toEqual({ ...limits, policy: 5 })
    const RATE_LIMITS = 'reads=1,writes=2,weakenings=3,misses=4,policy=6'
    expect(loadConfig({ RATE_LIMITS }).limits.rateLimits).toEqual({ ...limits, policy: 6 })
    expect(config.server.corsOrigins).toEqual(['https://a.example.com', 'http://localhost:3000'])
    expect(config.guardRails.stepUp).toEqual({ maxAgeS: 300, acrValues: ['mfa', 'phr'], amrValues: [] })
    expect(loadConfig({ AUTH_STEP_UP_MAX_AGE_S: '86400' }).guardRails.stepUp).toMatchObject({ acrValues: [] })
    for (const env of [AUTH, KEY, { ...PRODUCTION, ...KEY }, { ...PRODUCTION, ...AUTH, SANDBOX: '1' }]) {
      expect(loadConfig(env).guardRails.stepUp, 'without the issuer of the sandbox').toBeNull()
    }
    expect(loadConfig({ RATE_LIMITS: 'off' }).limits.rateLimits).toBeNull()
    expect(faultsOf({ AUTH_STEP_UP_ACR: 'mfa' })).toEqual(['AUTH_STEP_UP_MAX_AGE_S'])
    expect(faultsOf({ AUTH_JWKS_MAX_AGE_S: '600', AUTH_JWKS_MAX_STALE_S: '599' })).toEqual([
      'AUTH_JWKS_MAX_STALE_S',
    ])
  })

  it('uses the sandbox in production only when told to, and publishes no schema there', () => {
    expect(faultsOf({ ...PRODUCTION, ...AUTH })).toEqual(['GENAUTH_ACCESS_KEY_ID'])
    expect(loadConfig({ ...PRODUCTION, ...AUTH, SANDBOX: '1' }).genauth.access).toBeNull()
    expect(loadConfig({ ...PRODUCTION, ...KEY }).server).toMatchObject({
      graphiql: false,
      introspection: false,
    })
    const both = { GRAPHIQL: 'on', INTROSPECTION: 'on' }
    expect(loadConfig({ ...PRODUCTION, ...KEY, ...both }).server).toMatchObject({
      graphiql: true,
      introspection: true,
    })
  })
})
