import { z } from 'zod'
import { readTlsFiles, type TlsFiles } from '../../redis/tls-files.ts'
import type { ReplicaSettings } from '../../replicas.ts'
import type { Environment } from '../environment.ts'
import { wholeNumber, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const REDIS_VARIABLES = {
  REDIS_URL: variable(
    'Redis 7 or Valkey through which replicas share the budget, the limits and the locks: redis:// or rediss://. Unset: nothing is shared.',
    null,
    z
      .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
      .refine(
        isRedisAddress,
        'must be host and port, with or without user, password and number of a database',
      ),
  ),
  REDIS_URL_FILE: variable('File that holds it, in its place. Read only at the start.', null, word),
  REDIS_KEY_PREFIX: variable(
    'With REDIS_URL: how the names of its keys begin. Replicas of one user pool must have the same prefix.',
    'genauth-graphql',
    z.string().regex(/^[\w:.-]{1,100}$/, 'must be letters, digits, and any of _ : . -'),
  ),
  REDIS_REPLICAS: variable(
    'With REDIS_URL: how many replicas there are at least, for the share of each while Redis is lost. Unset: as many as were last seen, or four if none was.',
    null,
    wholeNumber(1, 1_000),
  ),
  REDIS_TIMEOUT_MS: variable(
    'Longest wait for one reply of Redis, in milliseconds. Work that would wait longer goes on without Redis.',
    '100',
    // A connection that is silent for longer is closed.
    wholeNumber(10, 2_000),
  ),
  REDIS_LOST_AFTER_TIMEOUTS: variable(
    'How many replies of Redis in a row must take longer than that before Redis counts as lost.',
    '3',
    wholeNumber(1, 20),
  ),
  REDIS_TLS_CERT_FILE: variable(
    'With a rediss:// URL: PEM file of the certificate that the server shows to Redis. Requires REDIS_TLS_KEY_FILE. Read for each connection.',
    null,
    word,
  ),
  REDIS_TLS_KEY_FILE: variable('PEM file of its private key, without a passphrase.', null, word),
  REDIS_TLS_CA_FILE: variable(
    "With a rediss:// URL: PEM file of the authorities that may have signed Redis's certificate, in place of those that Node trusts.",
    null,
    word,
  ),
}

const TLS_VARIABLES = {
  certFile: 'REDIS_TLS_CERT_FILE',
  keyFile: 'REDIS_TLS_KEY_FILE',
  caFile: 'REDIS_TLS_CA_FILE',
} as const

/** @returns `null` if this process shares nothing with others */
export function readRedis(
  env: Environment,
  { isProduction }: Mode,
  requestDeadlineMs: number,
): ReplicaSettings | null {
  const values = env.read(REDIS_VARIABLES)
  const { REDIS_URL: url, REDIS_REPLICAS: replicas } = values
  const { REDIS_TIMEOUT_MS: timeoutMs, REDIS_LOST_AFTER_TIMEOUTS: lostAfterTimeouts } = values
  const tlsFiles: TlsFiles = {
    certFile: values.REDIS_TLS_CERT_FILE,
    keyFile: values.REDIS_TLS_KEY_FILE,
    caFile: values.REDIS_TLS_CA_FILE,
  }
  if (replicas !== null && !env.isGiven('REDIS_URL')) env.refuse('REDIS_URL', 'required with REDIS_REPLICAS')
  const areSound = env.isSound('REDIS_TIMEOUT_MS', 'REDIS_LOST_AFTER_TIMEOUTS', 'REQUEST_DEADLINE_MS')
  if (env.isGiven('REDIS_URL') && areSound && timeoutMs * lostAfterTimeouts >= requestDeadlineMs) {
    const rule = 'with REDIS_TIMEOUT_MS must be less than REQUEST_DEADLINE_MS'
    env.refuse('REDIS_LOST_AFTER_TIMEOUTS', rule)
  }
  refuseTlsFaults(env, url, tlsFiles)
  if (isProduction) env.refuseOpenWire('REDIS_URL', url, 'rediss://')
  if (url === null) return null
  return { url, keyPrefix: values.REDIS_KEY_PREFIX, replicas, timeoutMs, lostAfterTimeouts, tlsFiles }
}

function refuseTlsFaults(env: Environment, url: string | null, files: TlsFiles): void {
  const given = Object.values(TLS_VARIABLES).filter(name => env.has(name))
  if (given.length === 0) return
  const names = given.join(' and ')
  if (!env.isGiven('REDIS_URL')) env.refuse('REDIS_URL', `required with ${names}`)
  else if (url !== null && new URL(url).protocol !== 'rediss:') {
    env.refuse('REDIS_URL', `must be rediss:// with ${names}`)
  }
  const { certFile, keyFile } = TLS_VARIABLES
  if (files.certFile === null && files.keyFile !== null) env.refuse(certFile, `required with ${keyFile}`)
  if (files.keyFile === null && files.certFile !== null) env.refuse(keyFile, `required with ${certFile}`)
  const read = readTlsFiles(files)
  if (!read.ok) env.refuse(TLS_VARIABLES[read.file], read.fault)
}

/** Returns `true` also for a text that the rule before has already refused. */
function isRedisAddress(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { hostname, username, password, pathname, search, hash } = new URL(text)
  const isDecodable = !/%(?![\da-f]{2})/i.test(username + password)
  return hostname !== '' && isDecodable && /^\/?\d{0,4}$/.test(pathname) && search + hash === ''
}
