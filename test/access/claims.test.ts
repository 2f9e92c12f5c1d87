import { describe, expect, it } from 'vitest'
import { type Caller, toCallerKey } from '../../src/access/caller.ts'
import { type ClaimsOptions, toCaller } from '../../src/access/claims.ts'
import { parseClientTokenMark } from '../../src/access/client-tokens.ts'
import { clockAt } from '../support/hand-clock.ts'

const NOW_S = 1_800_000_000
const OPTIONS: ClaimsOptions = {
  scopeNames: {
    read: 'mfa:read',
    write: 'mfa:write',
    report: 'mfa:report',
    policy: 'mfa:policy',
    audit: 'mfa:audit',
  },
  userIdClaim: 'https://example.com/genauth_id',
  clientTokens: [],
  clock: clockAt(() => NOW_S * 1_000),
}

function read(claims: Record<string, unknown>, options: Partial<ClaimsOptions> = {}): Caller | null {
  const required = { iss: 'https://issuer.example', sub: 'somebody', iat: NOW_S, exp: NOW_S + 300 }
  return toCaller({ ...required, ...claims }, { ...OPTIONS, ...options })
}

describe('scopes', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['nothing', {}, []],
    ['an empty scope', { scope: '' }, []],
    ['read in scope', { scope: 'mfa:read' }, ['READ']],
    ['write in scope', { scope: 'mfa:write' }, ['READ', 'WRITE']],
    ['both in scope', { scope: 'openid mfa:write mfa:read' }, ['READ', 'WRITE']],
    ['report in scope', { scope: 'mfa:report' }, ['REPORT']],
    ['report and read in scope', { scope: 'mfa:report mfa:read' }, ['READ', 'REPORT']],
    ['policy in scope', { scope: 'mfa:policy' }, ['POLICY']],
    ['audit in scope', { scope: 'mfa:audit' }, ['AUDIT']],
    [
      'all in scope',
      { scope: 'mfa:read mfa:write mfa:report mfa:policy mfa:audit' },
      ['READ', 'WRITE', 'REPORT', 'POLICY', 'AUDIT'],
    ],
    ['read in a list scp', { scp: ['profile', 'mfa:read'] }, ['READ']],
    ['write in a list scp', { scp: ['mfa:write'] }, ['READ', 'WRITE']],
    ['write in a text scp', { scp: 'mfa:read mfa:write' }, ['READ', 'WRITE']],
    ['read in permissions', { permissions: ['mfa:read'] }, ['READ']],
    [
      'write in permissions beside another scope',
      { scope: 'openid', permissions: ['mfa:write'] },
      ['READ', 'WRITE'],
    ],
    ['a list as scope', { scope: ['mfa:read'] }, ['READ']],
    ['words with too many spaces', { scope: '  mfa:read   ' }, ['READ']],
    ['a longer word', { scope: 'mfa:reads xmfa:read mfa:read:all' }, []],
    ['other case', { scope: 'MFA:READ Mfa:Write' }, []],
    ['a comma between', { scope: 'mfa:read,mfa:write' }, []],
    ['a tab between', { scope: 'mfa:read\tmfa:write' }, []],
    ['a wildcard', { scope: '* mfa:*' }, []],
    ['a number', { scope: 7 }, []],
    ['an object', { scope: { 'mfa:write': true } }, []],
    ['null', { scope: null, scp: null, permissions: null }, []],
    ['lists within a list', { scp: [['mfa:write'], { name: 'mfa:write' }, 1] }, []],
    ['words within a list', { scp: ['mfa:read mfa:write'] }, []],
  ])('of %s are judged', (_name, claims, scopes) => {
    expect([...(read(claims)?.scopes ?? [])]).toEqual(scopes)
  })

  it.each<[string, Record<string, unknown>, string[]]>([
    ['realm_access.roles', { realm_access: { roles: ['mfa:write'] } }, ['READ', 'WRITE']],
    ['/realm_access/roles', { realm_access: { roles: ['mfa:read', 7] } }, ['READ']],
    ['roles', { roles: ['mfa:read'] }, ['READ']],
    ['cognito:groups', { 'cognito:groups': ['mfa:read'] }, ['READ']],
    ['scp,roles', { scp: 'mfa:read', roles: ['mfa:write'] }, ['READ', 'WRITE']],
    ['roles', { scope: 'mfa:write', permissions: ['mfa:write'] }, []],
    ['roles', { roles: { 'mfa:write': true } }, []],
    ['roles', {}, []],
  ])('are those of %s where that is configured: %j', (names, claims, scopes) => {
    expect([...(read(claims, { scopeClaims: names.split(',') })?.scopes ?? [])]).toEqual(scopes)
  })

  it('go by the names that are configured, and by no other', () => {
    const scopeNames = {
      read: 'GenAuth.Read',
      write: 'GenAuth.Write',
      report: 'GenAuth.Report',
      policy: 'GenAuth.Policy',
      audit: 'GenAuth.Audit',
    }
    const scopesOf = (scope: string) => [...(read({ scope }, { scopeNames })?.scopes ?? [])]
    expect(scopesOf('GenAuth.Read')).toEqual(['READ'])
    expect(scopesOf('GenAuth.Write')).toEqual(['READ', 'WRITE'])
    expect(scopesOf('GenAuth.Report')).toEqual(['REPORT'])
    expect(scopesOf('GenAuth.Policy')).toEqual(['POLICY'])
    expect(scopesOf('GenAuth.Audit')).toEqual(['AUDIT'])
    expect(scopesOf('mfa:read mfa:write mfa:report READ WRITE REPORT')).toEqual([])
  })
})

describe('a caller', () => {
  it('is what the token says', () => {
    const claims = {
      client_id: 'console',
      azp: 'other',
      scope: 'mfa:read',
      auth_time: NOW_S - 60,
      acr: 'urn:two',
      amr: ['pwd', 'otp'],
      'https://example.com/genauth_id': '65a000000000000000000001',
    }
    expect(read(claims)).toEqual({
      issuer: 'https://issuer.example',
      subject: 'somebody',
      client: 'console',
      scopes: new Set(['READ']),
      scopeNames: ['mfa:read'],
      genauthId: '65a000000000000000000001',
      isClient: false,
      authTimeS: NOW_S - 60,
      expiresAtMs: (NOW_S + 300) * 1_000,
      acr: 'urn:two',
      amr: ['pwd', 'otp'],
    })
  })

  it('is little when the token says little', () => {
    expect(read({})).toEqual({
      issuer: 'https://issuer.example',
      subject: 'somebody',
      client: null,
      scopes: new Set(),
      scopeNames: [],
      genauthId: null,
      isClient: false,
      authTimeS: null,
      expiresAtMs: (NOW_S + 300) * 1_000,
      acr: null,
      amr: [],
    })
  })

  it.each([7, '', null, ['65a'], { id: '65a' }, true, ' ', '65a ', '\u280065a', '6\u0000a'])(
    'has no GenAuth id when the claim is %j',
    id => {
      expect(read({ 'https://example.com/genauth_id': id })?.genauthId).toBe(null)
    },
  )

  it.each(['toString', '__proto__', 'constructor'])(
    'has no GenAuth id from a claim %s that it lacks',
    name => {
      expect(read({}, { userIdClaim: name })?.genauthId).toBe(null)
    },
  )

  it('may have its subject as its GenAuth id', () => {
    expect(read({}, { userIdClaim: 'sub' })?.genauthId).toBe('somebody')
  })

  it('has its GenAuth id in the one spelling', () => {
    const id = '65A0000000000000000000AB'
    expect(read({ 'https://example.com/genauth_id': id })?.genauthId).toBe(id.toLowerCase())
  })

  it.each<[string, Record<string, unknown>, boolean]>([
    ['sub-is-client', { client_id: 'somebody' }, true],
    ['sub-is-client', { azp: 'somebody' }, true],
    ['sub-is-client', { client_id: 'console' }, false],
    ['sub-is-client', {}, false],
    ['gty=client-credentials', { gty: 'client-credentials' }, true],
    ['gty=client-credentials', { gty: 'password' }, false],
    ['gty=client-credentials', { gty: ['client-credentials'] }, false],
    ['gty=client-credentials', { client_id: 'somebody' }, false],
    ['https://example.com/a=b/kind=app', { 'https://example.com/a=b/kind': 'app' }, true],
  ])('with the mark %s and %j is a client: %s', (text, claims, isClient) => {
    const mark = parseClientTokenMark(text)
    const clientTokens = mark === null ? [] : [mark]
    expect(read(claims, { clientTokens })?.isClient).toBe(isClient)
  })

  it.each([
    [{ client_id: 'a', azp: 'b' }, 'a'],
    [{ azp: 'b' }, 'b'],
    [{ client_id: 7, azp: 'b' }, 'b'],
    [{ client_id: '', azp: '' }, null],
    [{ azp: ['b'] }, null],
  ])('with %j has the client %j', (claims, client) => {
    expect(read(claims)?.client).toBe(client)
  })

  it.each([
    ['auth_time', 'authTimeS', String(NOW_S), null],
    ['auth_time', 'authTimeS', NOW_S + 31, null],
    ['auth_time', 'authTimeS', NOW_S + 30, NOW_S + 30],
    ['auth_time', 'authTimeS', Number.POSITIVE_INFINITY, null],
    ['auth_time', 'authTimeS', 0, 0],
    ['acr', 'acr', 2, null],
    ['acr', 'acr', ['2'], null],
    ['amr', 'amr', 'otp', []],
    ['amr', 'amr', ['otp', 7], []],
  ] as const)('whose %s (%s) is %j counts as %j', (claim, field, value, expected) => {
    expect(read({ [claim]: value })?.[field]).toEqual(expected)
  })

  it.each([
    { sub: '' },
    { sub: 7 },
    { iat: NOW_S + 31 },
    { iat: '1' },
    { exp: Number.POSITIVE_INFINITY },
    { iss: null },
  ])('is nobody with %j', claims => {
    expect(read(claims)).toBe(null)
  })
})

describe('the key of a caller', () => {
  it('is the same for two tokens of one caller', () => {
    expect(toCallerKey({ issuer: 'a', subject: 'b' })).toBe(toCallerKey({ issuer: 'a', subject: 'b' }))
  })

  it('tells apart what would run together', () => {
    const keys = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
      ['a|b', 'c'],
      ['a', 'b|c'],
      ['', 'abc'],
      ['bc', 'a'],
    ].map(([issuer = '', subject = '']) => toCallerKey({ issuer, subject }))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
