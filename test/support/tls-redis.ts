import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { HAS_REDIS, startRedis, type TestRedis } from './redis.ts'

/** Of `certificates/`. */
export function toCertificatePath(name: string): string {
  return fileURLToPath(new URL(`certificates/${name}`, import.meta.url))
}

/** The certificate of a client, for a Redis that asks for one, and the authority that the client trusts. */
export const CLIENT_CERTIFICATE = {
  certFile: toCertificatePath('good.pem'),
  keyFile: toCertificatePath('server-key.pem'),
}
export const CA_FILE = toCertificatePath('ca.pem')

/** A Redis that is built without TLS does not know the setting at all. */
const { stderr } = spawnSync('redis-server', ['--tls-auth-clients', 'neither'], { encoding: 'utf8' })
export const HAS_TLS = HAS_REDIS && stderr.includes('must be one of')

/** Starts a Redis that asks for a certificate. */
export function startTlsRedis(certificate = 'good'): Promise<TestRedis> {
  return startRedis(
    [
      ['--tls-auth-clients', 'yes'],
      ['--tls-cert-file', toCertificatePath(`${certificate}.pem`)],
      ['--tls-key-file', CLIENT_CERTIFICATE.keyFile],
      ['--tls-ca-cert-file', CA_FILE],
    ].flat(),
    { isTls: true },
  )
}
