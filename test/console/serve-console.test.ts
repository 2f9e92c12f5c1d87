import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'

const ISSUER = { CONSOLE: 'on', CONSOLE_CLIENT_ID: 'desk' }

interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** By hand, since fetch follows what it is told. */
function ask(app: TestApp, path: string, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    request(app.url, { path, method }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('the console', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ env: ISSUER })
  })
  afterAll(() => app.close())

  it.each([
    ['/console/', './'],
    ['/console/?state=x&code=y', './'],
    ['/console/coverage', './'],
    ['/console/coverage/', '../'],
    ['/console/users/65a000000000000000000001', '../'],
    ['/console/users/65a0/', '../../'],
    ['/console/a/b/c?x=/y/z', '../../'],
    ['/console/users/a%2fb', '../'],
    // Escapes that are no text. The page says that there is no such screen.
    ['/console/%E0%A4%A', './'],
    ['/console/users/%', '../'],
  ])('is at %s, with references that lead to its files by %s', async (path, upwards) => {
    const { status, headers, text } = await ask(app, path)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ])
    const references = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference = '']) => reference)
    expect(references.length).toBeGreaterThan(1)
    for (const reference of references) {
      expect(reference).toMatch(/^[./]*assets\/[\w.-]+$/)
      expect(reference.startsWith(`${upwards}assets/`)).toBe(true)
      const asset = await ask(app, new URL(reference, `${app.url}${path}`).pathname)
      expect([asset.status, asset.headers['cache-control']]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ])
    }
    expect(await ask(app, path, 'HEAD')).toMatchObject({ status: 200, text: '' })
  })

  it.each([
    ['/console', 'console/'],
    ['/console?x=1', 'console/?x=1'],
  ])('is where %s leads, by %s', async (path, location) => {
    expect(await ask(app, path)).toMatchObject({ status: 302, headers: { location } })
  })

  it('runs no inline code, connects to the server and the issuer alone, and may not be framed', async () => {
    const { headers, text } = await ask(app, '/console/')
    expect(headers).toMatchObject({
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ${app.issuer.env.AUTH_ISSUER}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['permissions-policy']).toMatch(/^(?:[a-z-]+=\(\)(?:, |$))+$/)
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|https?:/)
  })

  it('says how to sign in, and nothing that is secret', async () => {
    const { status, headers, text } = await ask(app, '/console/config.json')
    expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    expect(JSON.parse(text)).toEqual({
      issuer: app.issuer.env.AUTH_ISSUER,
      clientId: 'desk',
      audience: app.issuer.env.AUTH_AUDIENCE,
      scopes: ['mfa:read', 'mfa:write', 'mfa:report', 'mfa:policy', 'mfa:audit'],
      isSandbox: false,
      graphql: '../graphql',
    })
  })

  it.each([
    ['GET', '/console/assets/nothing.js', 404],
    ['GET', '/console/assets/', 200],
    ['GET', '/console/assets/..%2findex.html', 404],
    ['GET', '/console/assets/%E0%A4%A', 404],
    ['GET', '/console/?ids=%&lang=%E0%A4%A', 200],
    ['GET', '/console/assets/x/../../../index.html', 404],
    ['GET', '/console//users', 200],
    ['POST', '/console/', 405],
    ['DELETE', '/console/users/1', 405],
    ['GET', '/consoles', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await ask(app, path, method)).status).toBe(status)
  })
})

describe('the console is', () => {
  it('connected to another origin of the issuer, if it is named', async () => {
    await using app = await startApp({
      env: { ...ISSUER, CONSOLE_TOKEN_ORIGIN: 'https://login.example.com' },
    })
    const { headers } = await ask(app, '/console/')
    expect(headers['content-security-policy']).toContain(
      `connect-src 'self' ${app.issuer.env.AUTH_ISSUER} https://login.example.com;`,
    )
  })

  it.each<[what: string, env: Record<string, string>]>([
    ['off without a client of the issuer', {}],
    ['off where it is switched off', { CONSOLE: 'off', CONSOLE_CLIENT_ID: 'desk' }],
  ])('%s', async (_, env) => {
    await using app = await startApp({ env })
    for (const path of ['/console', '/console/', '/console/config.json'])
      expect((await ask(app, path)).status).toBe(404)
  })
})
