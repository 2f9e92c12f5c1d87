import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** PEM files for TLS to Redis. `null` if a file is not given. A certificate and its key are given together. */
export interface TlsFiles {
  readonly certFile: string | null
  readonly keyFile: string | null
  /** The authorities that may have signed Redis's certificate, in place of those that Node trusts. */
  readonly caFile: string | null
}

interface TlsTexts {
  readonly cert: Buffer | null
  readonly key: Buffer | null
  readonly ca: Buffer | null
}

export type ReadTlsFiles =
  | { readonly ok: true; readonly texts: TlsTexts }
  | { readonly ok: false; readonly file: keyof TlsFiles; readonly fault: string }

/** Reads the files. A fault names the file and the reason, without its path or content. */
export function readTlsFiles(files: TlsFiles): ReadTlsFiles {
  const texts: Record<keyof TlsFiles, Buffer | null> = { certFile: null, keyFile: null, caFile: null }
  for (const file of ['certFile', 'keyFile', 'caFile'] as const) {
    const path = files[file]
    if (path === null) continue
    try {
      texts[file] = readFileSync(path)
    } catch {
      return { ok: false, file, fault: 'cannot be read' }
    }
  }
  const { certFile: cert, keyFile: key, caFile: ca } = texts
  if (ca !== null && toCertificate(ca) === null) {
    return { ok: false, file: 'caFile', fault: 'must be certificates in PEM' }
  }
  if (cert !== null && key !== null) {
    const [certificate, privateKey] = [toCertificate(cert), toKey(key)]
    if (certificate === null) return { ok: false, file: 'certFile', fault: 'must be a certificate in PEM' }
    if (privateKey === null) {
      return { ok: false, file: 'keyFile', fault: 'must be a private key in PEM, without a passphrase' }
    }
    if (!certificate.checkPrivateKey(privateKey)) {
      return { ok: false, file: 'keyFile', fault: 'must be the key of the certificate' }
    }
  }
  return { ok: true, texts: { cert, key, ca } }
}

function toCertificate(pem: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

function toKey(pem: Buffer): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
