import { readTextFile } from '../base/read-text-file.ts'
import { ConfigError } from '../config/config-error.ts'
import type { RunCommand } from './call.ts'
import { printAll } from './print-all.ts'

const MAX_DOCUMENT_BYTES = 1_048_576

/** Prints the manifest of files, which may share fragments, or of this program's own documents. */
export const printTrustedDocuments: RunCommand = async ({ program, operands }) => {
  const { readOperations } = await import('../http/page/read-operations.ts')
  const { printManifest } = await import('../execution/trusted-documents.ts')
  const { collectFragments, completeDocument, hasFragmentsAlone } = await import(
    '../execution/shared-fragments.ts'
  )
  const texts = operands.map((path, index) => readDocument(path, index, printManifest))
  const fragments = collectFragments(texts)
  const given = texts.flatMap((text, index) => {
    if (hasFragmentsAlone(text)) return []
    const document = completeDocument(text, fragments)
    if (document === null)
      throw toFault(index, 'uses a fragment that no file defines, or that two files define differently')
    return [document]
  })
  if (operands.length > 0 && given.length === 0) throw toFault(0, 'has no operation, nor has any other')
  const own = () => readOperations().map(({ document }) => document)
  await printAll(program, printManifest(given.length > 0 ? given : own()))
  return 0
}

/** The messages name a file by its position, because its path may hold anything. */
function readDocument(path: string, index: number, print: (texts: readonly string[]) => string): string {
  const read = readTextFile(path, MAX_DOCUMENT_BYTES)
  if ('fault' in read) throw toFault(index, read.fault)
  try {
    print([read.text])
    return read.text
  } catch {
    throw toFault(index, 'is none')
  }
}

function toFault(index: number, what: string): ConfigError {
  return new ConfigError([
    `trusted-documents: name files that can be read, each a GraphQL document. File ${index + 1} ${what}`,
  ])
}
