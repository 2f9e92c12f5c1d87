import { createSecureContext, type SecureContext } from 'node:tls'
import { readTlsFiles, type TlsFiles } from './tls-files.ts'

/** The certificate that a TLS connection to Redis shows, and the authorities that it trusts. */
export interface TlsContext {
  /**
   * Returns the context of the files' current content. If that cannot be used, it returns the last one. It never
   * throws.
   */
  current(): SecureContext
}

export function createTlsContext(files: TlsFiles): TlsContext {
  let last = createSecureContext()
  return {
    current() {
      const read = readTlsFiles(files)
      // Two files are not replaced in one step. The next connection finds both.
      if (!read.ok) return last
      const { cert, key, ca } = read.texts
      last = createSecureContext({
        ...(cert === null ? {} : { cert }),
        ...(key === null ? {} : { key }),
        ...(ca === null ? {} : { ca }),
      })
      return last
    },
  }
}
