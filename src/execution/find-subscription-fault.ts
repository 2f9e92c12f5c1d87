import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { toRequestError } from './request-error.ts'

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include'])

/**
 * Returns a fault if the first level of a subscription has a condition, or `null`. Without its one field there would be
 * nothing to subscribe to. Later versions of the specification refuse such a document, too. It runs before validation,
 * whose own rule for subscriptions throws at a condition that depends on a variable.
 */
export function findSubscriptionFault(document: DocumentNode): GraphQLError | null {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) continue
    const conditional = findConditional(definition.selectionSet, fragments)
    if (conditional !== null) {
      const message = 'The field of a subscription must not have @skip or @include.'
      return toRequestError('GRAPHQL_VALIDATION_FAILED', message, conditional)
    }
  }
  return null
}

/** @param fragments those that have not been looked into. Each is looked into once */
function findConditional(
  { selections }: SelectionSetNode,
  fragments: Map<string, FragmentDefinitionNode>,
): SelectionNode | null {
  for (const selection of selections) {
    if (selection.directives?.some(({ name }) => CONDITIONS.has(name.value))) return selection
    const within = selection.kind === Kind.INLINE_FRAGMENT ? selection : takeFragment(selection, fragments)
    const conditional = within === null ? null : findConditional(within.selectionSet, fragments)
    if (conditional !== null) return conditional
  }
  return null
}

function takeFragment(
  selection: SelectionNode,
  fragments: Map<string, FragmentDefinitionNode>,
): FragmentDefinitionNode | null {
  if (selection.kind !== Kind.FRAGMENT_SPREAD) return null
  const fragment = fragments.get(selection.name.value) ?? null
  fragments.delete(selection.name.value)
  return fragment
}
