import { readTextFile } from '../base/read-text-file.ts'
import type { FindDocumentOptions } from '../execution/find-document.ts'
import {
  createTrustedDocuments,
  ManifestError,
  parseManifest,
  printManifest,
} from '../execution/trusted-documents.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** Enough for the documents of thousands of pages. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024

/**
 * Loads the documents that requests may name by their ID. If trusted documents are off, only those of the page for
 * support desks are known, which sends IDs alone. Without that page nothing is loaded then.
 *
 * @throws ConfigError if the manifest cannot be used
 */
export async function loadTrustedDocuments({
  trustedDocuments: { mode, file },
  server,
  console,
}: Pick<Config, 'trustedDocuments' | 'server' | 'console'>): Promise<FindDocumentOptions> {
  if (mode === 'off' && console === null) return { documents: createTrustedDocuments([]), only: false }
  const { readOperations } = await import('../http/page/read-operations.ts')
  const { PAGE_INTROSPECTION } = await import('../http/page/graphiql.ts')
  const ofPage = server.graphiql && server.introspection ? [PAGE_INTROSPECTION] : []
  try {
    const own = () => printManifest(readOperations().map(({ document }) => document))
    const read = file === null ? { text: own() } : readTextFile(file, MAX_MANIFEST_BYTES)
    if ('fault' in read) throw new ManifestError(read.fault)
    const ofConsole = console !== null && file !== null ? parseManifest(own()) : []
    const documents = createTrustedDocuments([...parseManifest(read.text), ...ofPage, ...ofConsole])
    return { documents, only: mode === 'only' }
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    throw new ConfigError([`TRUSTED_DOCUMENTS_FILE: ${error.message}`])
  }
}
