import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { toRequestError } from './request-error.ts'

/** Tokens of a document, counted by the parser, which stops there. */
export const MAX_TOKENS = 1_000
const MAX_DEPTH = 10
const MAX_ALIASES = 15
/** An answer repeats an alias for each of its objects: one of 50 KB would make tens of megabytes. */
const MAX_ALIAS_CHARACTERS = 128
const MAX_DIRECTIVES = 5
const MAX_ROOT_FIELDS = 10
/** One change of somebody's MFA for each request: a list of users has a mutation of its own. */
const MAX_MUTATION_FIELDS = 1

/** What a selection amounts to with its fragments written out. */
interface Extent {
  readonly depth: number
  readonly aliases: number
  readonly rootFields: number
}

const NOTHING: Extent = { depth: 0, aliases: 0, rootFields: 0 }

/**
 * The first limit that a document exceeds, or null. Runs before validation, whose rules can be expensive, in time
 * linear in the document: each fragment is measured once, however often it is spread. Introspection is exempt
 * from the depth; where it is off, it is refused as a whole.
 */
export function findLimitFault(document: DocumentNode): GraphQLError | null {
  const { directives, longestAlias } = survey(document)
  if (directives > MAX_DIRECTIVES) return exceeded(`${MAX_DIRECTIVES} directives`)
  if (longestAlias > MAX_ALIAS_CHARACTERS) return exceeded(`${MAX_ALIAS_CHARACTERS} characters of an alias`)
  const measure = createMeasure(document)
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue
    const { depth, aliases, rootFields } = measure(operation.selectionSet)
    if (depth > MAX_DEPTH) return exceeded(`${MAX_DEPTH} levels`)
    if (aliases > MAX_ALIASES) return exceeded(`${MAX_ALIASES} aliases`)
    if (rootFields > MAX_ROOT_FIELDS) return exceeded(`${MAX_ROOT_FIELDS} root fields`)
    if (isMutation(operation) && rootFields > MAX_MUTATION_FIELDS) return exceeded('one mutation field')
  }
  return null
}

/** The limit on tokens, which the parser reports in words of its own. */
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
    // Stands while the fragment is being measured: a circle is validation's to refuse.
    measured.set(name, NOTHING)
    const fragment = fragments.get(name)
    const extent = fragment === undefined ? NOTHING : measure(fragment.selectionSet)
    measured.set(name, extent)
    return extent
  }

  function measure(set: SelectionSetNode): Extent {
    let { depth, aliases, rootFields } = NOTHING
    for (const selection of set.selections) {
      const inner = measureSelection(selection)
      depth = Math.max(depth, inner.depth)
      aliases += inner.aliases
      rootFields += inner.rootFields
    }
    return { depth, aliases, rootFields }
  }

  function measureSelection(selection: SelectionSetNode['selections'][number]): Extent {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value)
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet)
    const name = selection.name.value
    const inner = selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet)
    return {
      depth: name === '__schema' || name === '__type' ? 1 : inner.depth + 1,
      aliases: inner.aliases + (selection.alias === undefined ? 0 : 1),
      rootFields: 1,
    }
  }

  return measure
}

function survey(document: DocumentNode): { readonly directives: number; readonly longestAlias: number } {
  let directives = 0
  let longestAlias = 0
  visit(document, {
    Directive() {
      directives++
    },
    Field({ alias }: FieldNode) {
      longestAlias = Math.max(longestAlias, alias?.value.length ?? 0)
    },
  })
  return { directives, longestAlias }
}

function isMutation(operation: OperationDefinitionNode): boolean {
  return operation.operation === 'mutation'
}

function exceeded(limit: string): GraphQLError {
  return toRequestError('LIMIT_EXCEEDED', `The document exceeds the limit of ${limit}.`)
}
