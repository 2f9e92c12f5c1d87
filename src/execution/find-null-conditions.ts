import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { toRequestError } from './request-error.ts'

export interface ConditionsOfOperation {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** The values as the caller sent them. */
  readonly variableValues: Readonly<Record<string, unknown>>
}

/**
 * Returns an error for each variable that is null in a `@skip` or an `@include` of an operation. A document is valid if
 * such a variable has a default. The executor would find the null only below a mutation that has been made already. It
 * would then return nothing but the error. A selection that another condition leaves out is not looked at.
 */
export function findNullConditions({
  document,
  operation,
  variableValues,
}: ConditionsOfOperation): readonly GraphQLError[] {
  const errors = new Map<string, GraphQLError>()
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }

  function read(value: ValueNode | undefined): unknown {
    if (value?.kind === Kind.BOOLEAN) return value.value
    if (value?.kind !== Kind.VARIABLE) return undefined
    const name = value.name.value
    if (Object.hasOwn(variableValues, name)) return variableValues[name]
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)
    return read(definition?.defaultValue)
  }

  /** Returns `true` if the directive leaves its selection out. */
  function leavesOut({ name: directive, arguments: given = [] }: DirectiveNode): boolean {
    if (directive.value !== 'skip' && directive.value !== 'include') return false
    const condition = given.find(({ name }) => name.value === 'if')?.value
    const value = read(condition)
    if (value === null && condition?.kind === Kind.VARIABLE) {
      const name = condition.name.value
      const message = `Variable "$${name}" is not valid at "${name}": @${directive.value} needs true or false, and not null.`
      errors.set(name, toRequestError('BAD_USER_INPUT', message, condition))
    }
    return value === (directive.value === 'skip')
  }

  function look({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      const isLeftOut = (selection.directives ?? []).map(leavesOut).includes(true)
      if (isLeftOut) continue
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) look(selection.selectionSet)
        continue
      }
      const fragment = fragments.get(selection.name.value)
      // One look is enough, because variables are the same wherever the fragment is spread.
      fragments.delete(selection.name.value)
      if (fragment !== undefined) look(fragment.selectionSet)
    }
  }

  look(operation.selectionSet)
  return [...errors.values()]
}
