import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Kind, OperationTypeNode, parse } from 'graphql'
import { readTextFile } from '../../base/read-text-file.ts'

/** A document for one task of a support desk, and variables, as JSON, that work on the sandbox. */
export interface Operation {
  /** The name of the document's file. */
  readonly file: string
  readonly document: string
  readonly variables: string
}

/** A file of `operations/` is missing or damaged. The message names it, and says what to do. */
export class OperationsError extends Error {
  override readonly name = 'OperationsError'

  constructor(what: string) {
    super(`operations/ belongs to this program, and ${what}: install the package again.`)
  }
}

/** The folder is next to `src/`. In the package and in the image it is next to `dist/`. */
const FOLDER = new URL('../../../operations/', import.meta.url)

const MAX_FILE_BYTES = 65_536

/**
 * Reads the documents of `operations/`, in the order of their tabs: queries first, each kind by name.
 *
 * @throws OperationsError if one cannot be read
 */
export function readOperations(folder = FOLDER): readonly Operation[] {
  const operations = listDocuments(folder).map(file => {
    const document = read(folder, file)
    const variables = read(folder, file.replace(/\.graphql$/, '.variables.json')).trim()
    return { file, document, variables, isQuery: isQuery(file, document) }
  })
  const ordered = [...operations.filter(one => one.isQuery), ...operations.filter(one => !one.isQuery)]
  return ordered.map(({ file, document, variables }) => ({ file, document, variables }))
}

function listDocuments(folder: URL): readonly string[] {
  let files: readonly string[]
  try {
    files = readdirSync(folder).filter(name => name.endsWith('.graphql'))
  } catch {
    throw new OperationsError('cannot be read')
  }
  if (files.length === 0) throw new OperationsError('holds no document')
  return files.toSorted()
}

function read(folder: URL, file: string): string {
  const found = readTextFile(fileURLToPath(new URL(file, folder)), MAX_FILE_BYTES)
  if ('fault' in found) throw new OperationsError(`its ${file} ${found.fault}`)
  return found.text
}

function isQuery(file: string, document: string): boolean {
  try {
    return parse(document).definitions.some(
      definition =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.QUERY,
    )
  } catch {
    throw new OperationsError(`its ${file} is no GraphQL document`)
  }
}
