import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { loadConfig } from '../src/config/config.ts'
import { ConfigError } from '../src/config/config-error.ts'
import { loadVerifierSecrets } from '../src/config/load-verifier-secrets.ts'
import { FILE_VARIABLES } from '../src/config/secret-files.ts'
import { CANARY } from './support/canaries.ts'
import { endWithParent } from './support/end-with-parent.ts'
import { startProgram } from './support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'secret-canary-'))
afterAll(() => rmSync(folder, { recursive: true }))

const AUTH = { AUTH_JWKS_URL: 'https://issuer.example.com/jwks', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' }
const KEY_FILES = {
  ...AUTH,
  GENAUTH_ACCESS_KEY_ID_FILE: file('id', 'key-id\n'),
  GENAUTH_ACCESS_KEY_SECRET_FILE: file('secret', `${CANARY.accessKeySecret}\r\n\n`),
  AUDIT_KEY_FILE: file('audit', 'a-key-of-sixteen-or-more\nthe-former-one-of-these\n'),
  REDIS_URL_FILE: file('redis', 'redis://:password@127.0.0.1:6379\n'),
  STORE_URL_FILE: file('store', 'postgres://user:password@127.0.0.1:5432/scans\n'),
  PROTECTED_USERS_FILE: file('protected', '65a000000000000000000004\r\n65A00000000000000000000B, \n'),
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toContain(CANARY.accessKeySecret)
    expect(error.message).not.toContain('secret-canary')
    return error.faults
  }
  return []
}

describe('a secret from a file', () => {
  it('counts like one from the environment, without the line ends after it', () => {
    const { genauth, journal, protection, secretsFromFiles } = loadConfig(KEY_FILES)
    expect(genauth.access).toMatchObject({ accessKeyId: 'key-id', accessKeySecret: CANARY.accessKeySecret })
    expect(journal.keys).toEqual(['a-key-of-sixteen-or-more', 'the-former-one-of-these'])
    expect(protection.userIds).toEqual(['65a000000000000000000004', '65A00000000000000000000B'])
    expect(secretsFromFiles).toEqual([...FILE_VARIABLES])
  })

  it('counts without a byte order mark, by whatever way it comes', () => {
    const marked = { GENAUTH_ACCESS_KEY_ID: '\uFEFFkey-id', GENAUTH_ACCESS_KEY_SECRET: '\uFEFFsecret' }
    const AUDIT_KEY_FILE = file('marked', '\uFEFFa-key-of-sixteen-or-more\r\nthe-former-one-of-these\r\n')
    const { genauth, journal } = loadConfig({ ...AUTH, ...marked, AUDIT_KEY_FILE })
    expect(genauth.access).toMatchObject({ accessKeyId: 'key-id', accessKeySecret: 'secret' })
    expect(journal.keys).toEqual(['a-key-of-sixteen-or-more', 'the-former-one-of-these'])
  })

  const unusable: [what: string, path: () => string, fault: string][] = [
    ['is not there', () => join(folder, 'nowhere'), 'cannot be read: there is no such file'],
    ['is a folder', () => folder, 'must be a plain file'],
    ['is a device without end', () => '/dev/zero', 'must be a plain file'],
    ['is empty', () => file('empty', ''), 'must not be empty'],
    ['holds line ends alone', () => file('blank', '\r\n\n'), 'must not be empty'],
    [
      'is far too large',
      () => file('large', CANARY.accessKeySecret.repeat(9_999)),
      'must have at most 16384 bytes',
    ],
    [
      'was saved as UTF-16',
      () => file('utf-16', Buffer.from('\uFEFFa-key-of-sixteen-or-more', 'utf16le')),
      'must be UTF-8 text: it is UTF-16',
    ],
    ['is a pipe that nobody writes to', makePipe, 'must be a plain file'],
  ]
  describe.each(FILE_VARIABLES)('as %s_FILE', name => {
    it.each(unusable)('that %s is refused by the name of its variable alone', (_what, path, fault) => {
      expect(faultsOf({ ...KEY_FILES, [`${name}_FILE`]: path() })).toEqual([`${name}_FILE: ${fault}`])
    })

    it('is refused together with the variable itself', () => {
      const value = name === 'STORE_URL' ? 'postgres://127.0.0.1/scans' : CANARY.accessKeySecret
      expect(faultsOf({ ...KEY_FILES, [name]: value })).toEqual([`${name}_FILE: not together with ${name}`])
    })
  })

  it('of protected users matters to no verifier of a journal', () => {
    const PROTECTED_USERS_FILE = join(folder, 'nowhere')
    expect(loadVerifierSecrets({ PROTECTED_USERS_FILE }).auditKeys).toEqual([])
  })

  it('is judged like one from the environment', () => {
    const faults = faultsOf({ ...KEY_FILES, AUDIT_KEY_FILE: file('short', 'canary') })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain('AUDIT_KEY: must have at least 16 characters in each line')
    expect(faults[0]).not.toContain('canary')
  })

  it('for the access key needs an audit key, which does not change with it', () => {
    const { AUDIT_KEY_FILE: _, ...env } = KEY_FILES
    expect(faultsOf(env)).toEqual(['AUDIT_KEY: required with an access key from files, or AUDIT_KEY_FILE'])
  })

  it('is never taken half from before a change and half from after it', async () => {
    const swapped = mkdtempSync(join(folder, 'swapped-'))
    const env = {
      ...KEY_FILES,
      GENAUTH_ACCESS_KEY_ID_FILE: join(swapped, 'now', 'id'),
      GENAUTH_ACCESS_KEY_SECRET_FILE: join(swapped, 'now', 'secret'),
    }
    const swapper = endWithParent(
      fork(fileURLToPath(new URL('support/swap-secrets.mjs', import.meta.url)), [swapped]),
    )
    onTestFinished(() => void swapper.kill('SIGKILL'))
    await once(swapper, 'message')
    const seen = new Set<string>()
    await vi.waitUntil(
      () => {
        for (let n = 0; n < 200; n++) {
          try {
            const { accessKeyId = '', accessKeySecret } = loadConfig(env).genauth.access ?? {}
            expect(accessKeySecret).toBe(accessKeyId)
            seen.add(accessKeyId)
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error
            expect(error.message).toContain('their files change all the time')
          }
        }
        return seen.size > 100
      },
      { timeout: 15_000 },
    )
  })

  it.skipIf(process.getuid?.() === 0)('that may not be read is refused', () => {
    const path = file('forbidden', 'a-key-of-sixteen-or-more')
    chmodSync(path, 0)
    expect(faultsOf({ ...KEY_FILES, AUDIT_KEY_FILE: path })).toEqual([
      'AUDIT_KEY_FILE: cannot be read: the user of this process may not read it',
    ])
  })

  it('that cannot be used ends the program with exit code 1 and the name, whatever it was started for', async () => {
    const AUDIT_KEY_FILE = join(folder, 'nowhere')
    for (const args of [[], ['audit-verify', file('journal', '')]]) {
      await using refused = startProgram(args, { AUDIT_KEY_FILE, SANDBOX_PORT: '0', PORT: '0' })
      expect(await refused.exitCode()).toBe(1)
      expect(refused.stderr()).toBe(
        'The configuration is not usable:\n  - AUDIT_KEY_FILE: cannot be read: there is no such file\n',
      )
    }
  })
})

function makePipe(): string {
  const pipes = mkdtempSync(join(folder, 'pipe-'))
  execFileSync('mkfifo', [join(pipes, 'pipe')])
  return join(pipes, 'pipe')
}
