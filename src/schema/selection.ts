import {
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** Some fields by name. Those below a fragment on one type may be left out. */
interface NamedFields {
  readonly names: readonly string[]
  readonly exceptOn?: string
}

/**
 * The fields of a change that cannot be told without the state before. A dry run reads it anyway, so the fields of a
 * preview do not ask a change for it.
 */
export const NEEDING_STATE_BEFORE: NamedFields = {
  names: ['changed', 'changes', 'contactChanges', 'effects'],
  exceptOn: 'SetUserMfaStatusPreview',
}

/** The fields of a user's state that need GenAuth's own id, or come with it. */
export const NEEDING_GENAUTH_ID: NamedFields = {
  names: ['id', 'account', 'revision', 'forecast', 'history'],
}

/**
 * Returns `true` if any of these fields is selected directly below the field that is being resolved. With `below`, it
 * follows the fields of those names first. It looks through fragments and heeds `@skip` and `@include`.
 */
export function selects(
  info: GraphQLResolveInfo,
  { names, exceptOn }: NamedFields,
  ...below: string[]
): boolean {
  const root = info.fieldNodes.flatMap(node => node.selectionSet ?? [])
  const parents = below.reduce<readonly SelectionSetNode[]>(
    (sets, parent) => fieldsOf(sets, info).flatMap(field => (field.name === parent ? field.sets : [])),
    root,
  )
  return fieldsOf(parents, info, exceptOn).some(({ name }) => names.includes(name))
}

interface SelectedField {
  readonly name: string
  readonly sets: readonly SelectionSetNode[]
}

function fieldsOf(
  sets: readonly SelectionSetNode[],
  info: GraphQLResolveInfo,
  exceptOn?: string,
): SelectedField[] {
  return sets.flatMap(set => set.selections.flatMap(selection => toFields(selection, info, exceptOn)))
}

function toFields(
  selection: SelectionNode,
  info: GraphQLResolveInfo,
  exceptOn: string | undefined,
): SelectedField[] {
  if (!isIncluded(selection, info)) return []
  if (selection.kind === Kind.FIELD) {
    return [{ name: selection.name.value, sets: selection.selectionSet ? [selection.selectionSet] : [] }]
  }
  const fragment: InlineFragmentNode | FragmentDefinitionNode | undefined =
    selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
  const type = fragment?.typeCondition?.name.value
  if (fragment === undefined || (exceptOn !== undefined && type === exceptOn)) return []
  return fieldsOf([fragment.selectionSet], info, exceptOn)
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (!selection.directives?.length) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)
  return skip?.['if'] !== true && include?.['if'] !== false
}
