import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { toRequestError } from './request-error.ts'

/** The most tokens of a document. The parser counts them, and stops there. */
export const MAX_TOKENS = 1_000
/** A document with that many tokens has no more lines. Each error looks for its place from the first line on. */
const MAX_LINES = 1_000
const MAX_DEPTH = 10
const MAX_ALIASES = 15
/**
 * A response repeats an alias for each of its objects, and an error repeats a name. A name of 50 KB would make tens of
 * megabytes.
 */
const MAX_NAME_CHARACTERS = 128
/** Validation compares each field of a name with each other field of that name. */
const MAX_PLACES_OF_A_FIELD = 50
const MAX_DIRECTIVES = 5
const MAX_ROOT_FIELDS = 10
/** Each introspection field returns most of the schema. An alias in one of them returns the same part again. */
const MAX_INTROSPECTION_FIELDS = 2
/** One change of a user's MFA for each request. A list of users has a mutation of its own. */
const MAX_MUTATION_FIELDS = 1

/** The size of a selection with its fragments written out. */
interface Extent {
  readonly depth: number
  readonly aliases: number
  readonly rootFields: number
  /** Those of them that are `__typename`, which does nothing. Code generators add it to mutations, too. */
  readonly rootTypenames: number
  readonly introspectionFields: number
  readonly introspectionAliases: number
}

const NOTHING: Extent = {
  depth: 0,
  aliases: 0,
  rootFields: 0,
  rootTypenames: 0,
  introspectionFields: 0,
  introspectionAliases: 0,
}

/**
 * Returns the first limit that a document exceeds, or `null`. It runs before validation, whose rules can be expensive.
 * It takes time linear in the document, because each fragment is measured once, however often it is spread.
 *
 * Introspection is exempt from the depth. If introspection is off, it is refused as a whole.
 */
export function findLimitFault(document: DocumentNode): GraphQLError | null {
  const { directives, longestName, placesOfAField } = survey(document)
  if (directives > MAX_DIRECTIVES) return exceeded(`${MAX_DIRECTIVES} directives`)
  if (longestName > MAX_NAME_CHARACTERS) return exceeded(`${MAX_NAME_CHARACTERS} characters of a name`)
  if (placesOfAField > MAX_PLACES_OF_A_FIELD) return exceeded(`${MAX_PLACES_OF_A_FIELD} places of a field`)
  const measure = createMeasure(document)
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue
    const extent = measure(operation.selectionSet)
    const { depth, aliases, rootFields, rootTypenames } = extent
    if (extent.introspectionFields > MAX_INTROSPECTION_FIELDS) {
      return exceeded(`${MAX_INTROSPECTION_FIELDS} introspection fields`)
    }
    if (extent.introspectionAliases > 0) return exceeded('no alias in introspection')
    if (depth > MAX_DEPTH) return exceeded(`${MAX_DEPTH} levels`)
    if (aliases > MAX_ALIASES) return exceeded(`${MAX_ALIASES} aliases`)
    if (rootFields > MAX_ROOT_FIELDS) return exceeded(`${MAX_ROOT_FIELDS} root fields`)
    if (isMutation(operation) && rootFields - rootTypenames > MAX_MUTATION_FIELDS) {
      return exceeded('one mutation field')
    }
  }
  return null
}

/** Checks the limit on lines. It runs before the text is parsed, because an error of the parser has a place, too. */
export function findTextFault(text: string): GraphQLError | null {
  const end = /\r\n|[\n\r]/g
  for (let lines = 1; end.test(text); lines++) {
    if (lines >= MAX_LINES) return exceeded(`${MAX_LINES} lines`)
  }
  return null
}

/** Translates the parser's own report of too many tokens. Returns `null` for other errors. */
export function toTokenLimitFault(error: GraphQLError): GraphQLError | null {
  return /more tha[nt] \d+ tokens/.test(error.message) ? exceeded(`${MAX_TOKENS} tokens`) : null
}

function createMeasure(document: DocumentNode): (set: SelectionSetNode) => Extent {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measured = new Map<string, Extent>()

  function measureFragment(name: string): Extent {
    const known = measured.get(name)
    if (known !== undefined) return known
    // Stands while the fragment is measured. Validation refuses a circle.
    measured.set(name, NOTHING)
    const fragment = fragments.get(name)
    const extent = fragment === undefined ? NOTHING : measure(fragment.selectionSet)
    measured.set(name, extent)
    return extent
  }

  function measure(set: SelectionSetNode): Extent {
    let { depth, aliases, rootFields, rootTypenames, introspectionFields, introspectionAliases } = NOTHING
    for (const selection of set.selections) {
      const inner = measureSelection(selection)
      depth = Math.max(depth, inner.depth)
      aliases += inner.aliases
      rootFields += inner.rootFields
      rootTypenames += inner.rootTypenames
      introspectionFields += inner.introspectionFields
      introspectionAliases += inner.introspectionAliases
    }
    return { depth, aliases, rootFields, rootTypenames, introspectionFields, introspectionAliases }
  }

  function measureSelection(selection: SelectionSetNode['selections'][number]): Extent {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value)
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet)
    const name = selection.name.value
    const inner = selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet)
    const ownAliases = selection.alias === undefined ? 0 : 1
    return name === '__schema' || name === '__type'
      ? {
          depth: 1,
          aliases: ownAliases,
          rootFields: 1,
          rootTypenames: 0,
          introspectionFields: 1,
          introspectionAliases: inner.aliases,
        }
      : {
          ...inner,
          depth: inner.depth + 1,
          aliases: inner.aliases + ownAliases,
          rootFields: 1,
          rootTypenames: name === '__typename' ? 1 : 0,
        }
  }

  return measure
}

interface Survey {
  readonly directives: number
  readonly longestName: number
  /** The number of places of the field with the most places, by its name in the response. */
  readonly placesOfAField: number
}

function survey(document: DocumentNode): Survey {
  let [directives, longestName, placesOfAField] = [0, 0, 0]
  const placesOf = new Map<string, number>()
  visit(document, {
    Directive() {
      directives++
    },
    Name({ value }) {
      longestName = Math.max(longestName, value.length)
    },
    Field({ alias, name }) {
      const key = (alias ?? name).value
      const places = (placesOf.get(key) ?? 0) + 1
      placesOf.set(key, places)
      placesOfAField = Math.max(placesOfAField, places)
    },
  })
  return { directives, longestName, placesOfAField }
}

function isMutation(operation: OperationDefinitionNode): boolean {
  return operation.operation === 'mutation'
}

function exceeded(limit: string): GraphQLError {
  return toRequestError(
    'LIMIT_EXCEEDED',
    `The document exceeds the limit of ${limit}. Make it smaller, or send it in parts.`,
  )
}
