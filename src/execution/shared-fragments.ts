import { type ASTNode, type FragmentDefinitionNode, Kind, parse, print, visit } from 'graphql'

/** The fragments that documents share, by name. `null` stands for a name that has two meanings. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode | null>

/**
 * Returns the fragments that some documents define.
 *
 * @throws GraphQLError for a text that is not a document
 */
export function collectFragments(texts: readonly string[]): Fragments {
  const found = new Map<string, FragmentDefinitionNode | null>()
  for (const definition of texts.flatMap(text => parse(text).definitions)) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const name = definition.name.value
    const other = found.get(name)
    const isSame = other === undefined || (other !== null && print(other) === print(definition))
    found.set(name, isSame ? definition : null)
  }
  return found
}

/**
 * Returns a document with every fragment that it uses, so that it works alone. A fragment that the document defines
 * itself is not added.
 *
 * @returns `null` if a fragment is nowhere defined, or has two meanings
 * @throws GraphQLError for a text that is not a document
 */
export function completeDocument(text: string, shared: Fragments): string | null {
  const own = collectFragments([text])
  const used = new Set(findSpreads(parse(text)))
  // The loop also reaches the names that are added in it.
  for (const name of used) {
    const fragment = own.get(name) ?? shared.get(name)
    if (fragment == null) return null
    for (const other of findSpreads(fragment)) used.add(other)
  }
  const added = [...used].flatMap(name => (own.has(name) ? [] : (shared.get(name) ?? [])))
  return added.length === 0 ? text : [text, ...added.map(print)].join('\n')
}

/** Returns `true` if a document defines fragments alone. */
export function hasFragmentsAlone(text: string): boolean {
  return parse(text).definitions.every(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
}

function findSpreads(node: ASTNode): readonly string[] {
  const names: string[] = []
  visit(node, { FragmentSpread: ({ name }) => void names.push(name.value) })
  return names
}
