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
export function selects(info: GraphQLResolveInfo, fields: NamedFields, ...below: string[]): boolean {
  return info.fieldNodes.some(({ selectionSet }) => selectsIn(selectionSet, info, fields, below))
}

function selectsIn(
  set: SelectionSetNode | undefined,
  info: GraphQLResolveInfo,
  fields: NamedFields,
  below: readonly string[],
): boolean {
  if (set === undefined) return false
  const [parent] = below
  for (const selection of set.selections) {
    if (!isIncluded(selection, info)) continue
    if (selection.kind !== Kind.FIELD) {
      const fragment: InlineFragmentNode | FragmentDefinitionNode | undefined =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
      const type = fragment?.typeCondition?.name.value
      const isLookedAt = parent !== undefined || fields.exceptOn === undefined || type !== fields.exceptOn
      if (isLookedAt && selectsIn(fragment?.selectionSet, info, fields, below)) return true
    } else if (parent === undefined) {
      if (fields.names.includes(selection.name.value)) return true
    } else if (selection.name.value === parent) {
      if (selectsIn(selection.selectionSet, info, fields, below.slice(1))) return true
    }
  }
  return false
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (!selection.directives?.length) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)
  return skip?.['if'] !== true && include?.['if'] !== false
}
