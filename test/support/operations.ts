import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../operations/', import.meta.url)

export interface OperationFile {
  readonly file: string
  readonly document: string
  /** JSON text. */
  readonly variables: string
}

/** The files of `operations/`: queries first, each kind by name. */
export function readOperationFiles(): readonly OperationFile[] {
  const files = readdirSync(FOLDER).filter(name => name.endsWith('.graphql'))
  const operations = files.toSorted().map(file => ({
    file,
    document: read(file),
    variables: read(file.replace('.graphql', '.variables.json')),
  }))
  const isQuery = ({ document }: OperationFile) => /^query /m.test(document)
  return [...operations.filter(isQuery), ...operations.filter(operation => !isQuery(operation))]
}

/** What `src/http/page/operations.ts` must hold. */
export function renderOperationsModule(operations: readonly OperationFile[]): string {
  const entries = operations.map(
    ({ document, variables }) =>
      `  {\n    document: ${quote(document)},\n    variables: ${quote(variables.trim())},\n  },\n`,
  )
  return [
    '/** One document that a support desk needs, and variables, as JSON, that work on the sandbox. */\n',
    'export interface Operation {\n  readonly document: string\n  readonly variables: string\n}\n\n',
    '/** `operations/`, in the order of their tabs. Written by `npm run operations`; a test compares. */\n',
    `export const OPERATIONS: readonly [Operation, ...Operation[]] = [\n${entries.join('')}]\n`,
  ].join('')
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8')
}

function quote(text: string): string {
  return `\`${text.replaceAll(/[\\`]|\$\{/g, '\\$&')}\``
}
