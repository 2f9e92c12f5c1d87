import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { endWithParent } from './support/end-with-parent.ts'

const MAIN = fileURLToPath(new URL('../dist/bundle/main.js', import.meta.url))
const FAULT = 'AUDIT_LOG: stdout keeps nothing: send it to a pipe or a file, or name a file'
const PRODUCTION = {
  NODE_ENV: 'production',
  AUDIT_LOG: 'stdout',
  GENAUTH_ACCESS_KEY_ID: 'access-key-id',
  GENAUTH_ACCESS_KEY_SECRET: 'access-key-secret',
  GENAUTH_AUTH: 'signature',
  AUTH_JWKS_URL: 'http://127.0.0.1:9/jwks',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'audience',
}

/** Runs in the program before its own code. */
const REMOVE_GONE = `--import data:text/javascript,${encodeURIComponent("import { rmSync } from 'node:fs'; rmSync('gone')")}`

interface Ended {
  readonly code: number | null
  readonly stderr: string
  readonly stdout: string
}

/** Runs the program with its stdout redirected by a shell, until it ends or has said that it is ready. */
async function run(redirection: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'stdout-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const child = endWithParent(
    spawn('sh', ['-c', `exec "${process.execPath}" "${MAIN}" ${redirection}`], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', SANDBOX_PORT: '0', ...env },
    }),
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const ended = once(child, 'close')
  const out = join(folder, 'out')
  const written = () => `${stdout}${existsSync(out) ? readFileSync(out, 'utf8') : ''}`
  const isUp = () => written().includes('"msg":"ready"') || stderr.includes('No write')
  await expect.poll(() => isUp() || child.exitCode !== null, { timeout: 20_000 }).toBe(true)
  child.kill('SIGKILL')
  const [code] = await ended
  return { code, stdout: written(), stderr }
}

describe('a journal on a stdout that keeps nothing', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['on /dev/null', '> /dev/null', {}],
    ['closed', '>&-', {}],
    ['on a full device', '> /dev/full', {}],
    ['on a file that has been removed', '> gone', { NODE_OPTIONS: REMOVE_GONE }],
  ])('%s is refused in production', async (_what, redirection, env) => {
    expect(await run(redirection, { ...PRODUCTION, ...env })).toEqual({
      code: 1,
      stdout: '',
      stderr: `The configuration is not usable:\n  - ${FAULT}\n`,
    })
  })

  it('is warned of on stderr elsewhere', async () => {
    expect((await run('> /dev/null', {})).stderr).toContain(`${FAULT}. No write will be on record.`)
  })
})

describe('a journal on a stdout that keeps something', { tags: 'long' }, () => {
  it('as a file takes no set once the file was removed, and `/ready` says so before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stdout-journal-'))
    const out = join(folder, 'out')
    const descriptor = openSync(out, 'a')
    const child = endWithParent(
      spawn(process.execPath, [MAIN], {
        stdio: ['ignore', descriptor, 'inherit'],
        env: { PATH: process.env['PATH'] ?? '', PORT: '0', SANDBOX_PORT: '0' },
      }),
    )
    onTestFinished(() => {
      child.kill('SIGKILL')
      closeSync(descriptor)
      rmSync(folder, { recursive: true })
    })
    const findUrl = () => /"graphql":"([^"]+)"/.exec(readFileSync(out, 'utf8'))?.[1]
    await expect.poll(findUrl, { timeout: 20_000 }).toBeDefined()
    const url = findUrl() ?? ''
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text()
    const [, token] = /"admin":"([^"]+)"/.exec(page) ?? []
    const ready = async () => (await fetch(new URL('/ready', url))).status
    const set = async (change: string) => {
      const query = `mutation { setUserMfaStatus(input: { userId: "65a000000000000000000005", ${change} }) { __typename } }`
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()
    }
    expect(await set('enable: [EMAIL]')).toMatchObject({ data: { setUserMfaStatus: {} } })
    expect(await ready()).toBe(200)
    rmSync(out)
    expect(await ready()).toBe(503)
    expect(await set('enable: [FACE]')).toMatchObject({
      errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }],
    })
  })

  it.each([
    ['a pipe', ''],
    ['a file', '> out'],
  ])('as %s is taken in production', async (_what, redirection) => {
    const { stdout, stderr } = await run(redirection, PRODUCTION)
    expect(stderr).toBe('')
    expect(stdout).toContain('"kind":"opened"')
  })

  it.each(['/dev/stdout', '/proc/self/fd/1'])(
    'is not named by %s: that would be a file of two writers',
    async name => {
      const { code, stdout } = await run('> out 2>&1', { ...PRODUCTION, AUDIT_LOG: name })
      expect(code).toBe(1)
      expect(stdout).toContain('The audit journal is the file that stdout or stderr goes to')
      expect(stdout).not.toContain('"kind"')
    },
  )
})
