import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'graphql'
import { readTextFile } from '../../base/read-text-file.ts'
import { collectFragments, completeDocument, type Fragments } from '../../execution/shared-fragments.ts'
import { toPackageFile } from '../../package-file.ts'

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

const FOLDER = toPackageFile('operations/')

const MAX_FILE_BYTES = 65_536

/**
 * Reads the documents of `operations/`, in the order of their tabs: queries first, each kind by name. Each document has
 * the fragments of `operations/fragments/` that it uses, so that it works alone.
 *
 * @throws OperationsError if one cannot be read
 */
export function readOperations(folder = FOLDER): readonly Operation[] {
  const fragments = readFragments(new URL('fragments/', folder))
  const operations = listDocuments(folder).map(file => {
    const text = readDocument(folder, file)
    const document = completeDocument(text, fragments)
    if (document === null) throw new OperationsError(`its ${file} uses a fragment that is missing`)
    const variables = read(folder, file.replace(/\.graphql$/, '.variables.json')).trim()
    return { file, document, variables }
  })
  const isQuery = ({ document }: Operation) => /^query\b/m.test(document)
  return [...operations.filter(isQuery), ...operations.filter(operation => !isQuery(operation))]
}

function readFragments(folder: URL): Fragments {
  return collectFragments(listDocuments(folder).map(file => readDocument(folder, file)))
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

function readDocument(folder: URL, file: string): string {
  const text = read(folder, file)
  try {
    parse(text)
    return text
  } catch {
    throw new OperationsError(`its ${file} is no GraphQL document`)
  }
}
