import { type ASTNode, type FragmentDefinitionNode, Kind, parse, print, visit } from 'graphql'

/** The fragments that documents share, by name. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/**
 * Returns the fragments that some documents define.
 *
 * @throws GraphQLError for a text that is not a document
 */
export function collectFragments(texts: readonly string[]): Fragments {
  const definitions = texts.flatMap(text => parse(text).definitions)
  return new Map(
    definitions.flatMap(definition =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  )
}

/**
 * Returns a document with every fragment that it uses, so that it works alone. A fragment that the document defines
 * itself is not added.
 *
 * @returns `null` if a fragment is nowhere defined
 * @throws GraphQLError for a text that is not a document
 */
export function completeDocument(text: string, shared: Fragments): string | null {
  const own = collectFragments([text])
  const used = new Set(findSpreads(parse(text)))
  // The loop also reaches the names that are added in it.
  for (const name of used) {
    const fragment = own.get(name) ?? shared.get(name)
    if (fragment === undefined) return null
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
