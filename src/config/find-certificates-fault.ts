import { readTextFile } from '../base/read-text-file.ts'

const MAX_BYTES = 16 * 1024 * 1024

/**
 * Says why Node does not trust the certificates of `NODE_EXTRA_CA_CERTS`. Node reads them itself, and goes on without
 * them after a fault.
 *
 * @returns `null` if the variable is unset, or if no fault of its file can be seen
 */
export function findCertificatesFault(env: Readonly<Record<string, string | undefined>>): string | null {
  const path = env['NODE_EXTRA_CA_CERTS']
  if (!path) return null
  const read = readTextFile(path, MAX_BYTES)
  if ('fault' in read) return read.fault
  return /^-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/m.test(read.text)
    ? null
    : 'must hold certificates in PEM form'
}
