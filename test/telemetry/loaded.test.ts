import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { CANARY } from '../support/canaries.ts'
import { graphqlUrl, startProgram } from '../support/program.ts'

/** Prints at the end which packages were loaded. The bundle holds those that every start loads. */
const PRINT_LOADED = `import Module from 'node:module'
process.on('exit', () => process.stderr.write(['loaded:', ...Object.keys(Module._cache)].join('\\n')))`
const NODE_ARGS = ['--import', `data:text/javascript,${encodeURIComponent(PRINT_LOADED)}`]

/** Each is loaded by a setting alone. */
const OPTIONAL = [
  'prom-client',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/exporter-trace-otlp-http',
  'libsql',
  'pg',
  'ioredis',
  'bullmq',
  'croner',
]

/** A GenAuth and an issuer that are away. */
const AWAY = {
  GENAUTH_URL: 'http://127.0.0.1:9',
  GENAUTH_ACCESS_KEY_ID: 'id',
  GENAUTH_ACCESS_KEY_SECRET: CANARY.accessKeySecret,
  AUTH_JWKS_URL: 'http://127.0.0.1:9/jwks',
  AUTH_ISSUER: 'i',
  AUTH_AUDIENCE: 'a',
}

const folder = await mkdtemp(join(tmpdir(), 'loaded-'))
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['the sandbox is used', { SANDBOX_PORT: '0' }, ['libsql']],
  ['nothing is watched and nothing is kept', {}, []],
  ['METRICS_PORT is set', { METRICS_PORT: '0' }, ['prom-client']],
  [
    'OTEL_EXPORTER_OTLP_ENDPOINT is set',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    ['@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-http'],
  ],
  ['STORE_URL names a file', { STORE_URL: `file:${folder}/store.db` }, ['libsql']],
  ['STORE_URL names a PostgreSQL', { STORE_URL: 'postgres://u@127.0.0.1:9/d' }, ['pg']],
  ['REDIS_URL is set', { REDIS_URL: 'redis://127.0.0.1:9' }, ['ioredis']],
  [
    'REDIS_URL is set and STORE_URL names a PostgreSQL',
    { REDIS_URL: 'redis://127.0.0.1:9', STORE_URL: 'postgres://u@127.0.0.1:9/d' },
    ['pg', 'ioredis', 'bullmq'],
  ],
  [
    'MFA_SCAN_CRON is set',
    { MFA_SCAN_CRON: '0 2 * * *', STORE_URL: `file:${folder}/store.db` },
    ['libsql', 'croner'],
  ],
] as const)('where %s no other library is loaded', { tags: 'long' }, async (_when, env, expected) => {
  await using program = startProgram(
    [],
    { PORT: '0', TMPDIR: folder, ...('SANDBOX_PORT' in env ? {} : AWAY), ...env },
    NODE_ARGS,
  )
  await graphqlUrl(program)
  program.process.kill('SIGTERM')
  expect(await program.exitCode()).toBe(0)
  expect(
    (await readdir(folder)).filter(name => name !== 'store.db'),
    'left behind',
  ).toEqual([])
  const loaded = program.stderr()
  expect(loaded).toContain('loaded:')
  if (expected.length === 0) expect(loaded, 'no package at all').not.toContain('node_modules/')
  expect(loaded, 'it comes with the first phone that has a country code').not.toContain('libphonenumber')
  expect(OPTIONAL.filter(name => loaded.includes(`node_modules/${name}/`))).toEqual(expected)
})
