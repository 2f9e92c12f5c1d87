import { createSecureContext, type SecureContext } from 'node:tls'
import { readTlsFiles, type TlsFiles } from './tls-files.ts'

/** What a TLS connection to Redis shows and trusts. */
export interface TlsContext {
  /** From what the files hold now, or, while they cannot be used, what they held last. Never throws. */
  current(): SecureContext
}

export function createTlsContext(files: TlsFiles): TlsContext {
  let last = createSecureContext()
  return {
    current() {
      const read = readTlsFiles(files)
      // Two files are not replaced in one step: the next connection finds both.
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
