import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'
import { startAuthenticator } from '../../access/start-authenticator.ts'
import { clockAt } from '../../support/hand-clock.ts'
import {
  type Changes,
  createBrowser,
  createPageClient,
  type Pending,
  REDIRECT_URI,
  readForm,
  SCOPE,
  type TestBrowser,
  toAnswer,
  toLocation,
} from './page-client.ts'

const MINUTE_MS = 60_000
const START_MS = Date.now()
let nowMs = START_MS
const now = () => nowMs

const sandbox = await startSandbox({ port: 0, now })
const client = await createPageClient(sandbox, now)
let browser: TestBrowser

beforeEach(() => {
  nowMs = START_MS
  browser = createBrowser(sandbox)
})
afterAll(() => sandbox.close())

/** Signs in a person of the first page, and returns what the page kept and what came back. */
async function signIn(person: string, changes: Changes = {}) {
  const pending = await client.begin(changes)
  return { pending, back: await browser.choose(await browser.open(pending.url), person) }
}

async function open(changes: Changes = {}) {
  const pending = await client.begin(changes)
  return { pending, page: await browser.open(pending.url) }
}

describe('A person who signs in', () => {
  it.each([
    ['desk', 'mfa:read mfa:write', ['READ', 'WRITE']],
    ['lead', SCOPE.replace('openid ', ''), ['READ', 'WRITE', 'REPORT', 'POLICY', 'AUDIT']],
    ['reader', 'mfa:read', ['READ']],
  ])(
    'as %s gets %j at the real check, and an ID token that a client validates',
    async (id, scope, rights) => {
      const { pending, back } = await signIn(id)
      expect(back.status).toBe(303)
      const tokens = await client.finish(pending, back)
      expect(tokens).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 600,
        scope: `openid ${scope}`,
        id_token: expect.any(String),
      })
      const nowS = Math.floor(nowMs / 1000)
      const facts = {
        sub: `sandbox-${id}`,
        auth_time: nowS,
        acr: 'pwd',
        amr: ['pwd'],
        iat: nowS,
        exp: nowS + 600,
      }
      expect(decodeProtectedHeader(tokens.access_token)).toEqual({
        alg: 'ES256',
        kid: 'sandbox',
        typ: 'at+jwt',
      })
      const iss = `${sandbox.url}/sandbox`
      expect(decodeJwt(tokens.access_token)).toEqual({
        ...{ ...facts, iss, aud: 'genauth-graphql', client_id: 'genauth-console', scope },
      })
      expect(decodeJwt(tokens.id_token ?? '')).toEqual({
        ...{ ...facts, iss, aud: 'genauth-console', nonce: pending.nonce, name: expect.any(String) },
      })

      if (sandbox.issuer === null) throw new Error('The sandbox issues no tokens')
      await using authenticator = startAuthenticator(sandbox.issuer, {
        clock: clockAt(now),
        tokenType: 'at+jwt',
        userIdClaim: 'sub',
      })
      expect(await authenticator.authenticate(`Bearer ${tokens.access_token}`)).toMatchObject({
        kind: 'CALLER',
        caller: { subject: `sandbox-${id}`, client: 'genauth-console', scopes: new Set(rights), acr: 'pwd' },
      })
      expect(sandbox.pool.find(`sandbox-${id}`)).toBeUndefined()
      expect(await authenticator.judge(tokens.id_token ?? '')).toBe('INVALID')
      nowMs += 10 * MINUTE_MS + 31_000
      expect(await authenticator.judge(tokens.access_token)).toBe('INVALID')
    },
  )

  it('gets no scope that the page did not ask for', async () => {
    const { pending, back } = await signIn('lead', { scope: 'openid mfa:write offline_access everything' })
    expect(await client.finish(pending, back)).toMatchObject({ scope: 'openid mfa:write' })
  })

  it('is sent back with the state untouched, and the issuer named', async () => {
    const state = `a&code=x#%22<é`.replace('é', '~ +"\'')
    const { back } = await signIn('desk', { state })
    expect(toLocation(back).href.startsWith(`${REDIRECT_URI}?code=`)).toBe(true)
    expect(toAnswer(back)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state,
      iss: `${sandbox.url}/sandbox`,
    })
  })
})

describe('A session', () => {
  it('signs the page in again after a reload without a question, with the time of the sign-in', async () => {
    await signIn('reader')
    const authTimeS = Math.floor(nowMs / 1000)
    nowMs += 60 * MINUTE_MS
    for (const prompt of [undefined, 'none', 'consent']) {
      const { pending, page } = await open({ prompt })
      const { access_token: token } = await client.finish(pending, page)
      expect(decodeJwt(token)).toMatchObject({ sub: 'sandbox-reader', auth_time: authTimeS, acr: 'pwd' })
    }
  })

  it('is a secret that no script reads, of this sandbox alone, and another after each sign-in', async () => {
    const { back } = await signIn('desk')
    const { port } = new URL(sandbox.url)
    expect(back.headers.get('set-cookie')).toMatch(
      new RegExp(`^sandbox-session-${port}=[\\w-]{43}; Path=/sandbox; HttpOnly; SameSite=Lax$`),
    )
    const [first] = browser.cookies.values()
    const old = createBrowser(sandbox)
    for (const [name, value] of browser.cookies) old.cookies.set(name, value)
    const { page } = await open({ prompt: 'select_account' })
    await browser.choose(page, 'lead')
    expect([...browser.cookies.values()]).not.toEqual([first])
    const { url } = await client.begin({ prompt: 'none' })
    expect(toAnswer(await old.open(url))).toMatchObject({ error: 'login_required' })
  })

  it('ends after eight hours', async () => {
    await signIn('desk')
    nowMs += 8 * 60 * MINUTE_MS
    expect(toAnswer((await open({ prompt: 'none' })).page)).toMatchObject({ error: 'login_required' })
    expect(await (await open()).page.text()).toContain('Sign in to the sandbox')
  })

  it('is asked for nobody: prompt=none without one comes back with login_required', async () => {
    const { pending, page } = await open({ prompt: 'none' })
    expect(toAnswer(page)).toEqual({
      error: 'login_required',
      error_description: expect.any(String),
      state: pending.state,
      iss: `${sandbox.url}/sandbox`,
    })
  })
})

describe('Step-up', () => {
  it.each<{ what: string; changes: Changes }>([
    { what: 'a max_age that the sign-in is older than', changes: { max_age: '300' } },
    { what: 'a max_age of 0', changes: { max_age: '0' } },
    { what: 'an acr that the sign-in lacks', changes: { acr_values: 'mfa' } },
    { what: 'an acr after one that nobody knows', changes: { acr_values: 'phr mfa' } },
    { what: 'prompt=login', changes: { prompt: 'login' } },
  ])('by $what asks the same person, and gives a fresh sign-in with two factors', async ({ changes }) => {
    await signIn('desk')
    nowMs += 301_000
    const silent =
      changes['prompt'] === undefined ? { ...changes, prompt: 'none' } : { prompt: 'none', max_age: '0' }
    expect(toAnswer((await open(silent)).page)).toMatchObject({ error: 'login_required' })
    const { pending, page } = await open(changes)
    const text = await page.clone().text()
    expect(text).toContain('Sign in again as Support desk')
    expect(text.match(/<button/g)).toHaveLength(1)
    const { access_token: token } = await client.finish(pending, await browser.choose(page, 'desk'))
    const fresh = {
      sub: 'sandbox-desk',
      auth_time: Math.floor(nowMs / 1000),
      acr: 'mfa',
      amr: ['pwd', 'otp'],
    }
    expect(decodeJwt(token)).toMatchObject(fresh)
    // The next one is let through, but for those that ask in any case.
    const { page: next } = await open(changes)
    expect(next.status).toBe(changes['max_age'] === '0' || changes['prompt'] === 'login' ? 200 : 303)
  })

  it.each<Changes>([
    { max_age: '300' },
    { acr_values: 'pwd' },
    { acr_values: 'mfa pwd' },
    { max_age: '86400', acr_values: 'phr pwd' },
  ])('is not asked for where the sign-in is enough: %j', async changes => {
    await signIn('desk')
    nowMs += 300_000
    const { pending, page } = await open(changes)
    expect(decodeJwt((await client.finish(pending, page)).access_token)).toMatchObject({ acr: 'pwd' })
  })

  it('names the context that the page asked for, if the sign-in is stronger', async () => {
    await signIn('desk', { acr_values: 'mfa' })
    const { pending, page } = await open({ acr_values: 'pwd' })
    expect(decodeJwt((await client.finish(pending, page)).access_token)).toMatchObject({
      acr: 'pwd',
      amr: ['pwd', 'otp'],
    })
  })

  it.each<Changes>([{ acr_values: 'mfa' }, { max_age: '0' }, { prompt: 'login' }])(
    'offers another person, who signs in for the same request: %j',
    async changes => {
      await signIn('reader')
      const { pending, page } = await open(changes)
      const href = /<a href="([^"]*authorize[^"]*)"/.exec(await page.text())?.[1]?.replaceAll('&amp;', '&')
      const others = await browser.open(new URL(href ?? '', sandbox.url))
      const { access_token: token } = await client.finish(pending, await browser.choose(others, 'lead'))
      expect(decodeJwt(token)).toMatchObject({ sub: 'sandbox-lead', acr: 'mfa' })
    },
  )
})

describe('A code', () => {
  it.each<{ what: string; changes: Changes; afterMs?: number }>([
    { what: 'with another verifier', changes: { code_verifier: 'v'.repeat(43) } },
    { what: 'with another address', changes: { redirect_uri: 'http://localhost:4000/console/' } },
    { what: 'that nobody gave', changes: { code: 'c'.repeat(43) } },
    { what: 'after a minute', changes: {}, afterMs: MINUTE_MS },
  ])('$what is refused with invalid_grant', async ({ changes, afterMs = 0 }) => {
    const { pending, back } = await signIn('desk')
    nowMs += afterMs
    const response = await client.exchange(pending, back, changes)
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: expect.any(String) },
    ])
    expect(response.headers.get('cache-control')).toBe('no-store')
    // A failed attempt uses the code up, if it was one.
    const again = (await client.exchange(pending, back)).status
    expect(again).toBe(changes['code'] === undefined ? 400 : 200)
  })

  it('is used once', async () => {
    const { pending, back } = await signIn('desk')
    nowMs += MINUTE_MS - 1
    expect((await client.exchange(pending, back)).status).toBe(200)
    expect(await (await client.exchange(pending, back)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  it.each<{ changes: Changes; status?: number; error: string }>([
    { changes: { grant_type: undefined }, error: 'invalid_request' },
    { changes: { grant_type: 'refresh_token' }, error: 'unsupported_grant_type' },
    { changes: { client_id: undefined }, status: 401, error: 'invalid_client' },
    { changes: { client_id: 'another' }, status: 401, error: 'invalid_client' },
    { changes: { code: undefined }, error: 'invalid_request' },
    { changes: { redirect_uri: '' }, error: 'invalid_request' },
    { changes: { code_verifier: undefined }, error: 'invalid_request' },
    { changes: { code_verifier: 'short' }, error: 'invalid_request' },
    { changes: { code_verifier: 'v'.repeat(129) }, error: 'invalid_request' },
    { changes: { junk: 'x'.repeat(20_000) }, status: 413, error: 'invalid_request' },
  ])('is not exchanged with %j', async ({ changes, status = 400, error }) => {
    const { pending, back } = await signIn('desk')
    const response = await client.exchange(pending, back, changes)
    expect([response.status, await response.json()]).toMatchObject([status, { error }])
    expect((await client.exchange(pending, back)).status).toBe(200)
  })

  it.each<{ what: string; headers: Record<string, string>; body: string; error: string; status: number }>([
    {
      what: 'JSON',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      error: 'invalid_request',
      status: 400,
    },
    { what: 'a repeated name', headers: {}, body: 'code=a&code=b', error: 'invalid_request', status: 400 },
    {
      what: 'a secret',
      headers: { authorization: 'Basic eDp5' },
      body: '',
      error: 'invalid_client',
      status: 401,
    },
  ])('is not exchanged by $what', async ({ headers, body, error, status }) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await fetch(`${sandbox.url}/sandbox/token`, {
      ...{ method: 'POST', headers: { ...type, ...headers }, body },
    })
    expect([response.status, await response.json()]).toMatchObject([status, { error }])
  })
})

describe('A request for a sign-in', () => {
  it.each<{ changes: Changes; error: string; names: string }>([
    { changes: { response_type: undefined }, error: 'invalid_request', names: 'response_type' },
    { changes: { response_type: 'token' }, error: 'unsupported_response_type', names: 'response_type' },
    { changes: { response_mode: 'fragment' }, error: 'invalid_request', names: 'response_mode' },
    { changes: { scope: undefined }, error: 'invalid_scope', names: 'scope' },
    { changes: { scope: 'mfa:read' }, error: 'invalid_scope', names: 'scope' },
    { changes: { code_challenge: undefined }, error: 'invalid_request', names: 'code_challenge' },
    { changes: { code_challenge: 'short' }, error: 'invalid_request', names: 'code_challenge' },
    {
      changes: { code_challenge_method: undefined },
      error: 'invalid_request',
      names: 'code_challenge_method',
    },
    { changes: { code_challenge_method: 'plain' }, error: 'invalid_request', names: 'code_challenge_method' },
    { changes: { prompt: 'none login' }, error: 'invalid_request', names: 'prompt' },
    { changes: { prompt: 'create' }, error: 'invalid_request', names: 'prompt' },
    { changes: { max_age: '-1' }, error: 'invalid_request', names: 'max_age' },
    { changes: { max_age: '1e3' }, error: 'invalid_request', names: 'max_age' },
    { changes: { acr_values: 'phr' }, error: 'unmet_authentication_requirements', names: 'acr_values' },
    { changes: { nonce: 'é' }, error: 'invalid_request', names: 'nonce' },
    { changes: { request: 'eyJ' }, error: 'request_not_supported', names: 'request' },
    {
      changes: { request_uri: 'https://evil.example' },
      error: 'request_uri_not_supported',
      names: 'request_uri',
    },
  ])('that is not in order comes back with an error: $changes', async ({ changes, error, names }) => {
    const { pending, page } = await open(changes)
    expect(page.status).toBe(303)
    expect(toAnswer(page)).toEqual({
      error,
      error_description: expect.stringMatching(new RegExp(`^${names} is `)),
      state: pending.state,
      iss: `${sandbox.url}/sandbox`,
    })
  })

  it.each(['é', 'a\nb', 'x'.repeat(1_001)])('is refused without its state if that is %j', async state => {
    const answer = toAnswer((await open({ state })).page)
    expect(answer).toMatchObject({ error: 'invalid_request' })
    expect(answer['state']).toBeUndefined()
  })

  it('names no parameter twice', async () => {
    const { url } = await client.begin()
    for (const name of ['state', 'scope', 'code_challenge']) {
      const answer = toAnswer(await browser.open(`${url}&${name}=other`))
      expect(answer).toMatchObject({
        error: 'invalid_request',
        error_description: `${name} is given more than once`,
      })
    }
    for (const name of ['client_id', 'redirect_uri']) {
      const page = await browser.open(`${url}&${name}=other`)
      expect([page.status, page.headers.get('location')]).toEqual([400, null])
    }
  })

  it.each<Changes>([
    { login_hint: 'nobody' },
    { ui_locales: 'x'.repeat(2_000) },
    { display: 'popup', claims: '{}', unknown: 'x' },
    { state: undefined, nonce: undefined },
  ])('may say more, or less: %j', async changes => {
    expect((await open(changes)).page.status).toBe(200)
  })

  it('has the person of login_hint first', async () => {
    const text = await (await open({ login_hint: 'reader' })).page.text()
    expect([...text.matchAll(/name="person" value="(\w+)"/g)].map(([, id]) => id)).toEqual([
      ...['reader', 'desk', 'lead'],
    ])
  })
})

describe('An address to come back to', () => {
  it.each([
    'http://127.0.0.1:4000/console/',
    'http://localhost/console/',
    'https://localhost:8443/mfa/console/',
    'http://[::1]:4000/console/',
  ])('may be %s', async redirectUri => {
    const { pending, back } = await signIn('desk', { redirect_uri: redirectUri })
    expect(toLocation(back).href.startsWith(`${redirectUri}?code=`)).toBe(true)
    expect(await client.finish(pending, back)).toMatchObject({ expires_in: 600 })
  })

  it.each([
    undefined,
    '/console/',
    'https://evil.example/console/',
    'http://127.0.0.1.evil.example/console/',
    'http://127.0.0.1@evil.example/console/',
    'http://evil@127.0.0.1/console/',
    'http://127.0.0.1:4000/console',
    'http://127.0.0.1:4000/console/users',
    'http://127.0.0.1:4000/console/?next=https://evil.example',
    'http://127.0.0.1:4000/console/#/',
    'http://127.0.0.1:4000/other/?/console/',
    'http://127.0.0.1:4000/other/#/console/',
    'http://127.0.0.1:4000/console/..//evil.example/',
    'http://127.0.0.1:4000\\@evil.example/console/',
    'http://2130706433/console/',
    'http://127.1/console/',
    'http://LOCALHOST/console/',
    ' http://localhost/console/',
    'http://local\thost/console/',
    '//localhost/console/',
    'javascript://127.0.0.1/console/',
    'data:text/html,/console/',
    'http://0.0.0.0:4000/console/',
  ])('is never %j', async redirectUri => {
    for (const prompt of [undefined, 'none']) {
      const { page } = await open({ redirect_uri: redirectUri, prompt })
      expect([page.status, page.headers.get('location')]).toEqual([400, null])
      expect(await page.text()).toContain('redirect_uri')
    }
    const end = new URL(client.server.end_session_endpoint ?? '')
    end.searchParams.set('post_logout_redirect_uri', redirectUri ?? 'x')
    const page = await browser.open(end)
    expect([page.status, page.headers.get('location')]).toEqual([400, null])
  })

  it('is not taken from a client that is not known', async () => {
    for (const id of ['another', 'GENAUTH-CONSOLE', undefined]) {
      const { page } = await open({ client_id: id })
      expect([page.status, page.headers.get('location')]).toEqual([400, null])
    }
  })
})

describe('The form', () => {
  it.each([undefined, 'null', 'http://127.0.0.1:4000', 'https://evil.example', 'http://localhost:1'])(
    'from the origin %s signs nobody in or out',
    async origin => {
      const { page } = await open()
      const refused = await browser.choose(page, 'lead', { origin })
      expect([refused.status, refused.headers.get('set-cookie'), refused.headers.get('location')]).toEqual([
        ...[403, null, null],
      ])
      await signIn('desk')
      const signOut = await browser.open(client.server.end_session_endpoint ?? '')
      expect((await browser.choose(signOut, '', { origin })).status).toBe(403)
      expect((await open({ prompt: 'none' })).page.headers.get('location')).toContain('code=')
    },
  )

  it('signs in nobody who is not in the list', async () => {
    for (const person of ['admin', '', '__proto__', 'desk ']) {
      const { page } = await open()
      expect((await browser.choose(page, person)).status).toBe(403)
    }
  })

  it('is judged as the request was', async () => {
    const { page } = await open()
    const { inputs } = readForm(await page.text())
    for (const [name, value] of [
      ['redirect_uri', 'https://evil.example/console/'],
      ['client_id', 'another'],
      ['code_challenge_method', 'plain'],
    ]) {
      const body = new URLSearchParams([...inputs.filter(([one]) => one !== name), [name ?? '', value ?? '']])
      body.append('person', 'lead')
      const refused = await fetch(`${sandbox.url}/sandbox/sign-in`, {
        ...{ method: 'POST', headers: { origin: sandbox.url }, body, redirect: 'manual' },
      })
      expect([refused.status, refused.headers.get('location')]).toEqual([403, null])
    }
  })
})

describe('A page', () => {
  const EVIL = `"'><img src=x onerror=alert(1)></style><script>alert(1)</script>`

  it('holds no markup of a parameter, in any state', async () => {
    await signIn('desk')
    const names = [
      ...new URL((await client.begin()).url).searchParams.keys(),
      'prompt',
      'max_age',
      'acr_values',
    ]
    for (const name of [...names, 'login_hint', 'ui_locales', 'unknown']) {
      const { page } = await open({ max_age: '0', [name]: EVIL })
      expect(await page.text()).not.toMatch(/<img|<script|onerror=alert\(1\)>/)
    }
    for (const changes of [{ state: EVIL }, { state: EVIL, max_age: '0' }]) {
      const other = createBrowser(sandbox)
      const text = await (await other.open((await client.begin(changes)).url)).text()
      expect(text).not.toMatch(/<img|<script/)
      expect(new Map(readForm(text).inputs).get('state')).toBe(EVIL)
    }
    const end = new URL(client.server.end_session_endpoint ?? '')
    end.searchParams.set('state', EVIL)
    expect(await (await browser.open(end)).text()).not.toMatch(/<img|<script/)
  })

  it('loads nothing, stands in no frame, and sends its form to the page that asked alone', async () => {
    const { page } = await open()
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]+='; form-action 'self' http:\/\/127\.0\.0\.1:4000; base-uri 'none'; frame-ancestors 'none'$/,
      ),
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    expect(await page.text()).not.toMatch(/<script|<link|<img|style=| on\w+=/)
  })

  it.each([
    { acceptLanguage: 'zh-TW,zh;q=0.9,en;q=0.8', uiLocales: undefined, lang: 'zh-CN', says: '登录沙盒' },
    {
      acceptLanguage: 'de, en;q=0.5, zh;q=0.4',
      uiLocales: undefined,
      lang: 'en',
      says: 'Sign in to the sandbox',
    },
    { acceptLanguage: 'en;q=0, zh;q=0.1', uiLocales: undefined, lang: 'zh-CN', says: '登录沙盒' },
    { acceptLanguage: 'zh', uiLocales: 'fr en', lang: 'en', says: 'Sign in to the sandbox' },
    { acceptLanguage: ';;q=,', uiLocales: undefined, lang: 'en', says: 'Sign in to the sandbox' },
  ])('speaks $lang to $acceptLanguage and $uiLocales', async ({ acceptLanguage, uiLocales, lang, says }) => {
    const { url } = await client.begin({ ui_locales: uiLocales })
    const page = await fetch(url, { headers: { 'accept-language': acceptLanguage } })
    const text = await page.text()
    expect(text).toContain(`<html lang="${lang}">`)
    expect(text).toContain(says)
    expect(page.headers.get('content-language')).toBe(lang)
  })
})

describe('Signing out', () => {
  const post = { post_logout_redirect_uri: REDIRECT_URI, state: 's 1', client_id: 'genauth-console' }

  async function end(parameters: Record<string, string>): Promise<Response> {
    return browser.open(`${client.server.end_session_endpoint}?${new URLSearchParams(parameters)}`)
  }
  async function isSignedIn(): Promise<boolean> {
    return toAnswer((await open({ prompt: 'none' })).page)['error'] === undefined
  }
  async function getIdToken({ pending, back }: { pending: Pending; back: Response }): Promise<string> {
    return (await client.finish(pending, back)).id_token ?? ''
  }

  it('by the ID token goes back without a question, even after its end', async () => {
    const idToken = await getIdToken(await signIn('desk'))
    nowMs += 60 * MINUTE_MS
    const back = await end({ ...post, id_token_hint: idToken })
    expect(toLocation(back).href).toBe(`${REDIRECT_URI}?state=s+1`)
    expect([browser.cookies.size, await isSignedIn()]).toEqual([0, false])
  })

  it('without it, or with that of another person, asks first', async () => {
    const other = await getIdToken(await signIn('reader'))
    const { page } = await open({ prompt: 'select_account' })
    await browser.choose(page, 'desk')
    for (const hint of [other, 'eyJ.e30.x', '']) {
      const question = await end({ ...post, id_token_hint: hint })
      expect([question.status, await isSignedIn()]).toEqual([200, true])
    }
    const back = await browser.choose(await end(post), '')
    expect(toLocation(back).href).toBe(`${REDIRECT_URI}?state=s+1`)
    expect(await isSignedIn()).toBe(false)
  })

  it('stays at the issuer if no address is given', async () => {
    await signIn('desk')
    const page = await browser.choose(await end({}), '')
    expect(await page.text()).toContain('You are signed out')
    expect(await isSignedIn()).toBe(false)
  })
})

test('The document names what there is, and a page of this machine may read it, without cookies.', async () => {
  const url = `${sandbox.url}/sandbox`
  expect(client.server).toMatchObject({
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    end_session_endpoint: `${url}/end-session`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    acr_values_supported: ['pwd', 'mfa'],
    scopes_supported: SCOPE.split(' '),
  })
  for (const [path, method] of [
    ['/.well-known/openid-configuration', 'GET'],
    ['/jwks', 'GET'],
    ['/token', 'POST'],
    ['/token', 'OPTIONS'],
    ['/jwks', 'OPTIONS'],
  ] as const) {
    for (const [origin, allowed] of [
      ['http://localhost:4000', 'http://localhost:4000'],
      ['https://[::1]', 'https://[::1]'],
      ['https://evil.example', null],
      ['http://localhost.evil.example', null],
      ['null', null],
    ] as const) {
      const { headers, status } = await fetch(url + path, { method, headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBe(allowed)
      expect(headers.get('access-control-allow-credentials')).toBe(null)
      expect(headers.get('vary')).toBe('origin')
      if (method === 'OPTIONS') expect(status).toBe(204)
    }
  }
  const { page } = await open()
  expect(page.headers.get('access-control-allow-origin')).toBe(null)
})

test('A sandbox that issues no tokens lets nobody sign in.', async () => {
  await using silent = await startSandbox({ port: 0, issuesTokens: false })
  for (const path of ['authorize', '.well-known/openid-configuration', 'end-session']) {
    expect((await fetch(`${silent.url}/sandbox/${path}`)).status).toBe(404)
  }
  for (const path of ['token', 'sign-in', 'sign-out']) {
    expect((await fetch(`${silent.url}/sandbox/${path}`, { method: 'POST' })).status).toBe(404)
  }
})
