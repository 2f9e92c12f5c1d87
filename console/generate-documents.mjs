// Writes console/generated/ from operations/ and schema.api.graphql: the ids by which the page sends its documents, and
// their types. Nothing of it is committed. `npm run build` writes the ids, and `npm run types` the types of the schema.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, print, visit } from 'graphql'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${ROOT}console/generated`

const readAll = folder =>
  readdirSync(folder)
    .filter(name => name.endsWith('.graphql'))
    .toSorted()
    .map(name => readFileSync(`${folder}/${name}`, 'utf8'))

const fragments = new Map(
  readAll(`${ROOT}operations/fragments`).map(text => {
    const [definition] = parse(text).definitions
    return [definition.name.value, definition]
  }),
)

function findSpreads(node) {
  const names = []
  visit(node, { FragmentSpread: ({ name }) => void names.push(name.value) })
  return names
}

/** The order of fragments is that of src/execution/shared-fragments.ts, because it is a part of the id. */
function findFragments(node) {
  const used = new Set(findSpreads(node))
  for (const name of used) for (const other of findSpreads(fragments.get(name))) used.add(other)
  return [...used]
}

const toConstant = name => `${name[0].toLowerCase()}${name.slice(1)}`

/** A text as a literal of TypeScript. GraphQL's own marks need no escape in it. */
const toLiteral = text => `\`${text.replaceAll('`', '\\`').replaceAll('$', '\\$')}\``

function toTypes(definition, kind) {
  const spreads = findSpreads(definition)
  const used = [...new Set(spreads)].map(toConstant)
  const list = used.length === 0 ? '' : `, [${used.join(', ')}]`
  return `export const ${toConstant(definition.name.value)}${kind} = graphql(${toLiteral(print(definition))}${list})\n`
}

/** A fragment comes behind those that it uses. */
function sortFragments() {
  const sorted = new Set()
  const add = name => {
    for (const other of findSpreads(fragments.get(name))) add(other)
    sorted.add(name)
  }
  for (const name of fragments.keys()) add(name)
  return [...sorted]
}

const operations = readAll(`${ROOT}operations`).map(text => {
  const document = parse(text)
  const [definition] = document.definitions
  const parts = [print(document), ...findFragments(document).map(name => print(fragments.get(name)))]
  const id = createHash('sha256')
    .update(print(parse(parts.join('\n'))))
    .digest('hex')
  return { definition, name: definition.name.value, kind: definition.operation, id }
})

const types = [
  "import { graphql } from '../api/graphql.ts'\n",
  ...sortFragments().map(name => toTypes(fragments.get(name), '')),
  ...operations.map(({ definition }) => toTypes(definition, 'Operation')),
]

/** A document that no screen uses is left out of the page, because the call is marked as pure. */
const documents = [
  "import { toDocument } from '../api/document.ts'",
  "import type * as types from './document-types.ts'\n",
  ...operations.map(
    ({ name, kind, id }) =>
      `export const ${name}Document = /* @__PURE__ */ toDocument<typeof types.${toConstant(name)}Operation>('${kind}', 'sha256:${id}')`,
  ),
  '',
  '/** The types of the fragments, for parts that show them. */',
  `export type { ${[...fragments.keys()].map(toConstant).toSorted().join(', ')} } from './document-types.ts'`,
]

mkdirSync(OUT, { recursive: true })
write('document-types.ts', types.join('\n'))
write('documents.ts', `${documents.join('\n')}\n`)

/** Leaves a file that is right as it is, so that nothing that watches it builds again. */
function write(name, text) {
  const path = `${OUT}/${name}`
  try {
    if (readFileSync(path, 'utf8') === text) return
  } catch {
    // It was never written.
  }
  writeFileSync(path, text)
}
