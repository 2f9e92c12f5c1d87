import { readTextFile } from '../base/read-text-file.ts'

const MAX_BYTES = 16 * 1024 * 1024

/**
 * Why the certificates of `NODE_EXTRA_CA_CERTS` are not trusted: Node reads them itself, and goes on without them.
 *
 * @returns `null` if the variable is unset, or its file is in order as far as can be seen
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
