import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOperations } from '../src/http/page/read-operations.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { graphqlUrl, startProgram as start } from './support/program.ts'

const ADA = '65a000000000000000000001'

const FRAGMENTS = readdirSync('operations/fragments').map(file => `operations/fragments/${file}`)

/** Sends a query as the sandbox's own administrator would. */
async function ask(url: string, sandboxUrl: string, query: string): Promise<unknown> {
  const { admin } = (await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()) as { admin: string }
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()
}

/** What a server needs to trust a sandbox that runs by itself. */
function trusting(sandboxUrl: string): Record<string, string> {
  return {
    AUTH_JWKS_URL: `${sandboxUrl}/sandbox/jwks`,
    AUTH_ISSUER: `${sandboxUrl}/sandbox`,
    AUTH_AUDIENCE: 'genauth-graphql',
  }
}

describe('the program', () => {
  it('without any setting serves GraphQL on the sandbox, says so, and stops on SIGTERM with exit code 0', async () => {
    await using server = start([], { PORT: '0', SANDBOX_PORT: '0' })
    const url = await graphqlUrl(server)
    expect(server.stdout()).toContain('using the embedded sandbox, a stand-in for GenAuth')
    const sandboxUrl = /"sandbox":"([^"]+)"/.exec(server.stdout())?.[1] ?? ''
    const query = '{ userMfa(userId: "65a000000000000000000001") { ... on UserMfa { posture } } }'
    expect(await ask(url, sandboxUrl, query)).toEqual({ data: { userMfa: { posture: 'PROTECTED' } } })
    server.process.kill('SIGTERM')
    expect(await server.exitCode()).toBe(0)
  })

  it('says at the start that a proxy is not used, without its address', async () => {
    const env = { HTTPS_PROXY: 'http://user:secret@proxy.example.com', NO_PROXY: '*' }
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
    await using server = start([], { PORT: '0', SANDBOX_PORT: '0', ...env, ...traced })
    await graphqlUrl(server)
    expect(server.stdout()).toContain('"unused":["HTTPS_PROXY"],"msg":"no proxy is used:')
    expect(server.stdout() + server.stderr()).not.toContain('proxy.example.com')
  })

  it('with `sandbox` prints how to reach it, and the server takes what it printed', async () => {
    await using sandbox = start(['sandbox'], { SANDBOX_PORT: '0', HOST: '0.0.0.0' })
    await expect.poll(sandbox.stdout, { timeout: 10_000 }).toContain('GENAUTH_ACCESS_KEY_SECRET=')
    expect(sandbox.stderr()).toContain('stand-in for GenAuth')
    const lines = sandbox.stdout().trim().split('\n')
    expect(lines.map(line => line.replace(/=.*/, ''))).toEqual([
      'GENAUTH_URL',
      'GENAUTH_ACCESS_KEY_ID',
      'GENAUTH_ACCESS_KEY_SECRET',
    ])
    expect(lines[0]).toMatch(/=http:\/\/127\.0\.0\.1:\d+$/)
    for (const line of lines.slice(1)) expect(line).toMatch(/=[A-Za-z0-9_-]{8,}$/)

    const access = Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2)))
    const sandboxUrl = access['GENAUTH_URL'] ?? ''
    await using server = start([], { PORT: '0', ...access, ...trusting(sandboxUrl) })
    const url = await graphqlUrl(server)
    expect(server.stdout()).not.toContain('using the embedded sandbox')
    // Keys outside of production may be real ones.
    expect(server.stdout().match(/"level":"warn".*an access key outside of production/g)).toHaveLength(1)
    const query = '{ userMfa(userId: "65a000000000000000000001") { __typename } }'
    expect(await ask(url, sandboxUrl, query)).toEqual({ data: { userMfa: { __typename: 'UserMfa' } } })
  })

  it('with `schema` prints the published SDL', async () => {
    await using printed = start(['schema'])
    expect(await printed.exitCode()).toBe(0)
    expect(printed.stdout()).toContain('type Mutation {')
    expect(printed.stdout()).not.toContain('@requiresScopes')
  })

  it('with `schema` prints what a server with the same environment publishes', async () => {
    const env = { FEDERATION_AUTH_DIRECTIVES: 'on', AUTH_READ_SCOPE: 'see-mfa' }
    await using printed = start(['schema'], env)
    expect(await printed.exitCode()).toBe(0)
    expect(printed.stdout()).toContain('@requiresScopes(scopes: [["see-mfa"], ["mfa:write"]])')
    await using refused = start(['schema'], { ...env, FEDERATION_AUTH_DIRECTIVES: 'yes' })
    expect(await refused.exitCode()).toBe(1)
    expect(refused.stderr()).toContain('FEDERATION_AUTH_DIRECTIVES: must be on or off')
  })

  it('with `trusted-documents` prints the manifest of its own documents, or of given files', async () => {
    await using own = start(['trusted-documents'])
    expect(await own.exitCode()).toBe(0)
    await using one = start(['trusted-documents', 'operations/find-user.graphql', ...FRAGMENTS])
    expect(await one.exitCode()).toBe(0)
    expect(Object.entries(JSON.parse(own.stdout()))).toHaveLength(readOperations().length)
    expect(JSON.parse(own.stdout())).toMatchObject(JSON.parse(one.stdout()))
    for (const file of [
      'README.md',
      'nowhere.graphql',
      'operations/find-user.graphql',
      ...FRAGMENTS.slice(0, 1),
    ]) {
      await using refused = start(['trusted-documents', file])
      expect(await refused.exitCode()).toBe(1)
      expect(refused.stdout()).toBe('')
      expect(refused.stderr()).toContain('trusted-documents: name files that can be read')
    }
  })

  it('refuses a manifest that it cannot use with exit code 1, and says which variable it is', async () => {
    const env = { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE: 'package.json', SANDBOX_PORT: '0' }
    await using refused = start([], env)
    expect(await refused.exitCode()).toBe(1)
    expect(refused.stderr()).toMatchInlineSnapshot(`
      "The configuration is not usable:
        - TRUSTED_DOCUMENTS_FILE: must be a JSON object of ids to documents
      "
    `)
  })

  it('refuses a faulty environment with exit code 1 and every fault at once', async () => {
    await using refused = start([], { PORT: 'x', GENAUTH_URL: 'https://genauth.example.com' })
    expect(await refused.exitCode()).toBe(1)
    expect(refused.stdout()).toBe('')
    expect(refused.stderr()).toMatchInlineSnapshot(`
      "The configuration is not usable:
        - PORT: must be a whole number from 0 to 65535. Port of the GraphQL server.
        - GENAUTH_ACCESS_KEY_ID: required with GENAUTH_URL
        - GENAUTH_ACCESS_KEY_SECRET: required with GENAUTH_URL
      "
    `)
  })

  it.each(['prod', 'Production', 'production '])('with NODE_ENV=%j starts no sandbox', async NODE_ENV => {
    await using refused = start([], { NODE_ENV, PORT: '0', SANDBOX_PORT: '0' })
    expect(await refused.exitCode()).toBe(1)
    expect(refused.stdout()).toBe('')
    expect(refused.stderr()).toContain(
      'NODE_ENV: must be exactly one of production, development, test, or unset.',
    )
  })

  it('refuses production without an access key, issuer or journal', async () => {
    await using refused = start([], { NODE_ENV: 'production' })
    expect(await refused.exitCode()).toBe(1)
    for (const name of [
      'AUTH_JWKS_URL',
      'AUTH_ISSUER',
      'AUTH_AUDIENCE',
      'AUDIT_LOG',
      'GENAUTH_ACCESS_KEY_ID',
    ]) {
      expect(refused.stderr()).toContain(`${name}: required in production`)
    }
  })

  it('says which port is taken', { tags: 'long' }, async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const free = { PORT: '0', SANDBOX_PORT: '0', METRICS_PORT: '0' }
    await Promise.all(
      (['PORT', 'SANDBOX_PORT', 'METRICS_PORT'] as const).map(async name => {
        await using refused = start([], { ...free, [name]: `${port}` })
        expect(await refused.exitCode()).toBe(1)
        expect(refused.stderr()).toBe(
          `${name}: is in use by another process (port ${port}). Set it to a free one.\n`,
        )
      }),
    )
    taken.close()
  })

  it('does not repeat a value of the environment when it cannot listen', async () => {
    await using refused = start([], { HOST: 'canary-host.invalid', SANDBOX_PORT: '0' })
    expect(await refused.exitCode()).toBe(1)
    expect(refused.stderr()).toMatch(
      /^HOST: the name has no address \(E\w+\)\. Set it to an address of this machine\.\n$/,
    )
  })

  it.each([
    ['stdout', 503, { errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }] }],
    ['a file', 200, { data: { setUserMfaStatus: { applied: true } } }],
  ])(
    'lives on when nobody reads its stdout any more, with the journal on %s',
    { tags: 'long' },
    async (journal, ready, answer) => {
      const folder = mkdtempSync(join(tmpdir(), 'main-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const AUDIT_LOG = journal === 'stdout' ? 'stdout' : join(folder, 'audit.jsonl')
      await using server = start([], { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG })
      const url = await graphqlUrl(server)
      const sandboxUrl = /"sandbox":"([^"]+)"/.exec(server.stdout())?.[1] ?? ''
      server.process.stdout?.destroy()
      const set = `mutation { setUserMfaStatus(input: { userId: "${ADA}", disable: [SMS] }) { ... on SetUserMfaStatusSuccess { applied } } }`
      expect(await ask(url, sandboxUrl, set)).toMatchObject(answer)
      expect((await fetch(new URL('/ready', url))).status).toBe(ready)
      const read = `{ userMfa(userId: "${ADA}") { ... on UserMfa { factors { code enabled } } } }`
      const sms = { code: 'SMS', enabled: ready === 503 }
      expect(await ask(url, sandboxUrl, read)).toMatchObject({
        data: { userMfa: { factors: expect.arrayContaining([sms]) } },
      })
      if (ready === 503) expect(server.stderr()).toContain('Nobody reads stdout any more')
      server.process.kill('SIGTERM')
      expect(await server.exitCode()).toBe(0)
    },
  )

  it('finishes what is under way when it is told to stop, and closes the connection', async () => {
    await using sandbox = await startSandbox({ port: 0 })
    let answer = () => {}
    const slow = createServer((_request, response) => {
      answer = () => response.end('{"statusCode":404}')
    })
    slow.listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const { port } = slow.address() as AddressInfo
    await using server = start([], {
      PORT: '0',
      GENAUTH_URL: `http://127.0.0.1:${port}`,
      GENAUTH_ACCESS_KEY_ID: 'access-key-id',
      GENAUTH_ACCESS_KEY_SECRET: 'access-key-secret',
      GENAUTH_AUTH: 'signature',
      ...trusting(sandbox.url),
    })
    const url = await graphqlUrl(server)
    const underWay = ask(url, sandbox.url, '{ userMfa(userId: "u") { __typename } }')
    await once(slow, 'request')
    server.process.kill('SIGTERM')
    await expect.poll(server.stdout).toContain('"msg":"stopping"')
    answer()
    expect(await underWay).toEqual({
      data: { userMfa: { __typename: 'MfaUserNotFoundError' } },
    })
    expect(await server.exitCode()).toBe(0)
    slow.close()
  })

  it('stops at once on a second signal, even if an answer is outstanding', { tags: 'long' }, async () => {
    await using sandbox = await startSandbox({ port: 0 })
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    await using server = start([], {
      PORT: '0',
      GENAUTH_URL: `http://127.0.0.1:${port}`,
      GENAUTH_ACCESS_KEY_ID: 'access-key-id',
      GENAUTH_ACCESS_KEY_SECRET: 'access-key-secret',
      GENAUTH_AUTH: 'signature',
      GENAUTH_TIMEOUT_MS: '60000',
      ...trusting(sandbox.url),
    })
    const url = await graphqlUrl(server)
    const outstanding = ask(url, sandbox.url, '{ userMfa(userId: "u") { __typename } }')
    outstanding.catch(() => {})
    await once(silent, 'request')
    server.process.kill('SIGTERM')
    await expect.poll(server.stdout).toContain('"msg":"stopping"')
    server.process.kill('SIGTERM')
    expect(await server.exitCode()).toBe(1)
    silent.closeAllConnections()
    silent.close()
  })
})
