import {
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** The fields of a change that cannot be told without the state before. */
export const NEEDING_STATE_BEFORE = ['changed', 'changes', 'contactChanges', 'effects'] as const

/** The fields of a user's state that need GenAuth's own id, or come with it. */
export const NEEDING_GENAUTH_ID = ['id', 'account', 'revision'] as const

/**
 * Returns `true` if any of these fields is selected directly below the field that is being resolved. With `below`, it
 * follows the fields of those names first. It looks through fragments and heeds `@skip` and `@include`.
 */
export function selects(info: GraphQLResolveInfo, names: readonly string[], ...below: string[]): boolean {
  const root = info.fieldNodes.flatMap(node => node.selectionSet ?? [])
  const parents = below.reduce<readonly SelectionSetNode[]>(
    (sets, parent) => fieldsOf(sets, info).flatMap(field => (field.name === parent ? field.sets : [])),
    root,
  )
  return fieldsOf(parents, info).some(({ name }) => names.includes(name))
}

interface SelectedField {
  readonly name: string
  readonly sets: readonly SelectionSetNode[]
}

function fieldsOf(sets: readonly SelectionSetNode[], info: GraphQLResolveInfo): SelectedField[] {
  return sets.flatMap(set => set.selections.flatMap(selection => toFields(selection, info)))
}

function toFields(selection: SelectionNode, info: GraphQLResolveInfo): SelectedField[] {
  if (!isIncluded(selection, info)) return []
  switch (selection.kind) {
    case Kind.FIELD:
      return [{ name: selection.name.value, sets: selection.selectionSet ? [selection.selectionSet] : [] }]
    case Kind.INLINE_FRAGMENT:
      return fieldsOf([selection.selectionSet], info)
    case Kind.FRAGMENT_SPREAD: {
      const fragment: FragmentDefinitionNode | undefined = info.fragments[selection.name.value]
      return fragment === undefined ? [] : fieldsOf([fragment.selectionSet], info)
    }
  }
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (!selection.directives?.length) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)
  return skip?.['if'] !== true && include?.['if'] !== false
}
