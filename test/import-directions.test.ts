import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const FORBIDDEN = [
  ['src/mfa', 'graphql'],
  ['src/mfa', 'undici'],
  ['src/mfa', '../schema/index.ts'],
  ['src/mfa', '../genauth/exchange.ts'],
  ['src/mfa', '../config.ts'],
  ['src/genauth', 'graphql'],
  ['src/genauth', '../schema/index.ts'],
  ['src/genauth', '../server/server.ts'],
  ['src/genauth', '../sandbox/sandbox.ts'],
  ['src/schema', '../genauth/client.ts'],
  ['src/schema', '../server/server.ts'],
  ['src/schema', 'graphql-yoga'],
  ['src/schema', 'undici'],
  ['src/server', '../genauth/client.ts'],
  ['src/server', '../sandbox/sandbox.ts'],
  ['src/server', '@pothos/core'],
  ['src/sandbox', '../schema/index.ts'],
  ['src/sandbox', '../mfa/failure.ts'],
  ['src/mfa', 'node:https'],
  ['src/mfa', 'pino'],
  ['src/mfa', 'graphql/language/parser.js'],
  ['src/mfa', '../../src/config.ts'],
  ['src/genauth', '../config.ts'],
  ['src/genauth', '../log.ts'],
  ['src/server', '../config.ts'],
  ['src/sandbox', '../genauth/client.ts'],
  ['src/sandbox', '../config.ts'],
  ['src/telemetry', '../schema/index.ts'],
  ['src/telemetry', '../sandbox/sandbox.ts'],
  ['src/telemetry', 'graphql'],
  ['src/server', '../telemetry/metrics.ts'],
  ['src/genauth', '../telemetry/tracing.ts'],
  ['src/server', 'prom-client'],
  ['src/genauth', '@opentelemetry/api'],
  ['src/audit', '@opentelemetry/api'],
  ['src', 'prom-client'],
  ['src/redis', '../config.ts'],
  ['src/redis', '../genauth/client.ts'],
  ['src/redis', 'undici'],
  ['src/genauth', '../redis/shared-pace.ts'],
  ['src/server', '../redis/sharing.ts'],
  ['src', 'node:process'],
] as const

const ALLOWED = [
  ['src/server', '../schema/index.ts'],
  ['src/server', '../mfa/upstream.ts'],
  ['src/schema', '../mfa/failure.ts'],
  ['src/genauth', '../mfa/failure.ts'],
  ['src/sandbox', '../genauth/signature.ts'],
  ['src', './genauth/client.ts'],
  ['src/redis', '../genauth/pace.ts'],
  ['src/redis', '../mfa/user-locks.ts'],
  ['src/redis', 'ioredis'],
  ['src/mfa', './failure.ts'],
  ['src/mfa', 'dataloader'],
  ['src/telemetry', 'prom-client'],
  ['src/telemetry', '@opentelemetry/api'],
  ['src/telemetry', '../genauth/upstream-observer.ts'],
  ['src/mfa', 'node:crypto'],
] as const

const folder = mkdtempSync(join(tmpdir(), 'import-directions-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Lints one file for each case, under the project's own rules, in a folder of its own; gives what was found. */
function lintAll(): string {
  cpSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'))
  const files = [
    ...FORBIDDEN.map(([place, from], index) => [
      `${place}/forbidden-${index}.ts`,
      `import { x } from '${from}'\n`,
    ]),
    ...ALLOWED.map(([place, from], index) => [
      `${place}/allowed-${index}.ts`,
      `import { x } from '${from}'\n`,
    ]),
    ['src/forbidden-process.ts', 'export const pid = process.pid\n'],
  ] as const
  for (const [path, source] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${source}export const y = x\n`)
  }
  const args = ['lint', '--max-diagnostics=none', '--reporter=github']
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), args, { cwd: folder, encoding: 'utf8' })
  return stdout
}

describe('lint', () => {
  const found = lintAll().split('\n')
  const refusals = (path: string) => found.filter(line => line.includes(path) && /noRestricted/.test(line))

  it.each(FORBIDDEN.map(([place, from], index) => [place, from, index] as const))(
    'refuses in %s an import of %s',
    (place, _from, index) => {
      expect(refusals(`${place}/forbidden-${index}.ts`)).toHaveLength(1)
    },
  )

  it.each(ALLOWED.map(([place, from], index) => [place, from, index] as const))(
    'allows in %s an import of %s',
    (place, _from, index) => {
      expect(refusals(`${place}/allowed-${index}.ts`)).toEqual([])
    },
  )

  it('refuses the process global outside main.ts', () => {
    expect(refusals('src/forbidden-process.ts')).toHaveLength(1)
  })
})
