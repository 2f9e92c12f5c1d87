import { expect, it } from 'vitest'
import { findUnreadVariables } from '../../src/config/find-unread-variables.ts'
import { VARIABLES } from '../../src/config/variables.ts'

const CANARY = 'canary-value'

function find(...names: readonly string[]) {
  return findUnreadVariables(Object.fromEntries(names.map(name => [name, CANARY])))
}

it.each([
  ['GENAUTH_TIMEOUT', 'GENAUTH_TIMEOUT_MS'],
  ['GENAUTH_ACESS_KEY_ID', 'GENAUTH_ACCESS_KEY_ID'],
  ['genauth_url', 'GENAUTH_URL'],
  ['AUTH_AUDEINCE', 'AUTH_AUDIENCE'],
  ['AUTH_ISSUERS', 'AUTH_ISSUER'],
  ['AUDIT_LOGS', 'AUDIT_LOG'],
  ['AUTH_WHATEVER', null],
  ['REDIS_HOST', null],
  ['GENAUTH_LANG', null],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['SHUTDOWN_DELAY', 'SHUTDOWN_DELAY_MS'],
  ['TRUSTED_DOCUMENT', 'TRUSTED_DOCUMENTS'],
  ['LOG_LEVLE', 'LOG_LEVEL'],
  ['GRAPHQIL', 'GRAPHIQL'],
  ['NODE_EVN', 'NODE_ENV'],
])('warns of %s, and thinks of %s', (name, nearest) => {
  expect(find(name)).toEqual([{ name, nearest }])
})

it('warns of no variable that is read, and of none of others', () => {
  expect(find(...Object.keys(VARIABLES))).toEqual([])
  const others = [
    'PATH',
    'HOME',
    'HOSTNAME',
    'PWD',
    'SHLVL',
    'LANG',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'NODE_VERSION',
  ]
  const ofTelemetry = [
    'OTEL_SERVICE_VERSION',
    'OTEL_METRICS_EXPORTER',
    'OTEL_LOGS_EXPORTER',
    'OTEL_BSP_SCHEDULE_DELAY',
  ]
  const ofServices = [
    'REDIS_SERVICE_HOST',
    'REDIS_PORT',
    'REDIS_PORT_6379_TCP_ADDR',
    'AUTH_SERVICE_PORT_HTTP',
    'GENAUTH_GRAPHQL_PORT_4000_TCP',
    'METRICS_PORT_9464_TCP_PROTO',
  ]
  const ofNpm = ['npm_config_cache', 'npm_package_name', 'INIT_CWD', 'npm_lifecycle_event']
  expect(find(...others, ...ofTelemetry, ...ofServices, ...ofNpm)).toEqual([])
})
