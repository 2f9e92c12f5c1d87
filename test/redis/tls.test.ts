import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { toRedisAddress } from '../../src/redis/redis-address.ts'
import type { TlsFiles } from '../../src/redis/tls-files.ts'
import { shareWithReplicas } from '../../src/replicas.ts'
import { toSharingOptions } from '../support/redis.ts'
import { startProcess } from '../support/start-process.ts'
import {
  CLIENT_CERTIFICATE as CLIENT,
  CA_FILE as caFile,
  HAS_TLS,
  startTlsRedis,
  toCertificatePath as toPath,
} from '../support/tls-redis.ts'

const SOON = { timeout: 15_000 }
const NONE: TlsFiles = { certFile: null, keyFile: null, caFile: null }

async function start(url: string, tlsFiles: TlsFiles) {
  const reasons: unknown[] = []
  const log = pino({ level: 'warn' }, { write: line => reasons.push(JSON.parse(line).reason) })
  const sharing = await shareWithReplicas({ ...toSharingOptions(url), tlsFiles, log })
  return { sharing, reasons, [Symbol.asyncDispose]: () => sharing.close() }
}

describe('the address of a Redis', () => {
  it.each([
    ['redis://redis.example.com', undefined],
    ['rediss://redis.example.com:6380/1', 'redis.example.com'],
    // An address is no name of a server (RFC 6066, section 3).
    ['rediss://10.0.0.1', undefined],
    ['rediss://[::1]:6380', undefined],
  ])('%s names the server %s in its greeting', (url, expected) => {
    const { tls } = toRedisAddress(url, NONE)
    expect(tls?.servername).toBe(expected)
    expect(tls !== undefined).toBe(url.startsWith('rediss:'))
  })
})

describe.runIf(HAS_TLS)('a Redis that asks for a certificate', () => {
  it('is shared by a replica that shows it one and trusts the authority', async () => {
    await using redis = await startTlsRedis()
    await using replica = await start(redis.url, { ...CLIENT, caFile })
    expect(replica.sharing.state).toBe('SHARED')
  })

  it.each<[string, Partial<TlsFiles>, string, RegExp]>([
    ['shows none', { caFile }, 'good', /^(ERR_SSL_|ECONNRESET|EPIPE|NOT_CONNECTED)/],
    [
      'does not trust the authority',
      CLIENT,
      'good',
      /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/,
    ],
    ['finds another name', { ...CLIENT, caFile }, 'wrong-name', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    ['finds a certificate that is over', { ...CLIENT, caFile }, 'expired', /^CERT_HAS_EXPIRED$/],
  ])('is not shared by a replica that %s', async (_what, files, certificate, reason) => {
    await using redis = await startTlsRedis(certificate)
    await using replica = await start(redis.url, { ...NONE, ...files })
    expect(replica.sharing.state).toBe('LOCAL')
    expect(replica.reasons).toEqual([expect.stringMatching(reason)])
  })

  it('is shared as soon as the files hold a certificate that it takes, without a restart', async () => {
    await using redis = await startTlsRedis()
    const folder = await mkdtemp(join(tmpdir(), 'redis-tls-'))
    const certFile = join(folder, 'client.pem')
    await copyFile(toPath('expired.pem'), certFile)
    await using replica = await start(redis.url, { ...CLIENT, certFile, caFile })
    expect(replica.sharing.state).toBe('LOCAL')
    // Halfway through a replacement.
    await rm(certFile)
    await copyFile(toPath('good.pem'), certFile)
    await expect.poll(() => replica.sharing.state, SOON).toBe('SHARED')
    await rm(folder, { recursive: true })
  })

  it('is shared by a process that has all of it in its environment', { timeout: 60_000 }, async () => {
    await using redis = await startTlsRedis()
    await using layer = await startProcess({
      REDIS_URL: redis.url,
      REDIS_TIMEOUT_MS: '2000',
      REDIS_TLS_CERT_FILE: CLIENT.certFile,
      REDIS_TLS_KEY_FILE: CLIENT.keyFile,
      NODE_EXTRA_CA_CERTS: caFile,
    })
    expect(layer.lines().flatMap(({ redis }) => redis ?? [])).toEqual(['SHARED'])
  })
})
