import {
  type ExecutionArgs,
  type GraphQLError,
  type GraphQLSchema,
  type GraphQLType,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql'
import { findInputFaults, type InputFault } from './input-faults.ts'
import { MAX_ERRORS, toRequestError } from './request-error.ts'

export interface VariablesOfOperation extends Pick<ExecutionArgs, 'variableValues'> {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  /** `true` if the messages may name values and fields of the schema that the operation does not name. */
  readonly isSchemaPublished: boolean
}

/**
 * Returns an error for each place at which a variable of an operation does not fit its type. There are at most twenty
 * errors. The last one says if there are more.
 *
 * It runs before the operation is executed. The executor's own messages print a value as often as something in it is at
 * fault, and suggest names of the schema.
 */
export function findVariableFaults({
  schema,
  operation,
  isSchemaPublished,
  variableValues,
}: VariablesOfOperation): readonly GraphQLError[] {
  const errors: GraphQLError[] = []
  for (const definition of operation.variableDefinitions ?? []) {
    for (const { path, rule } of findFaults(schema, definition, variableValues ?? {}, isSchemaPublished)) {
      if (errors.length >= MAX_ERRORS - 1) return [...errors, MORE_FAULTS]
      const name = definition.variable.name.value
      const place = [name, ...path].join('.')
      const message = `Variable "$${name}" is not valid at "${place}": ${rule}`
      errors.push(toRequestError('BAD_USER_INPUT', message, definition))
    }
  }
  return errors
}

const MORE_FAULTS = toRequestError(
  'BAD_USER_INPUT',
  'More is at fault in the variables. Correct these faults first.',
)

function findFaults(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
  isPublished: boolean,
): readonly InputFault[] {
  const type: GraphQLType | undefined = typeFromAST(schema, definition.type)
  // If it is not an input type, validation has refused the document.
  if (!isInputType(type)) return []
  const name = definition.variable.name.value
  if (Object.hasOwn(values, name)) return findInputFaults(values[name], type, isPublished)
  const mustBeGiven = isNonNullType(type) && definition.defaultValue === undefined
  return mustBeGiven ? [{ path: [], rule: `a value of type "${type}" is required.` }] : []
}
