import {
  coerceInputValue,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql'

const UNKNOWN_FIELD = /^Field "([_A-Za-z]\w{0,63})" is not defined/
const MISSING_FIELD = /^Field "(\w+)" of required type "([^"]+)" was not provided/

/**
 * Says which variables of an operation do not fit their types and where, without the values themselves: the
 * executor's own messages would print them.
 */
export function findVariableFaults({
  schema,
  document,
  operationName,
  variableValues,
}: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>): GraphQLError[] {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
  return definitions.flatMap(definition => findFaults(schema, definition, variableValues ?? {}))
}

function findFaults(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const name = definition.variable.name.value
  const type = typeFromAST(schema, definition.type)
  if (!isInputType(type)) return []
  const toError = (path: readonly (string | number)[], rule: string) =>
    new GraphQLError(`Variable "$${name}" is not valid at "${[name, ...path].join('.')}": ${rule}`, {
      nodes: definition,
      extensions: { code: 'BAD_USER_INPUT', http: { spec: true, status: 400 } },
    })

  if (!Object.hasOwn(values, name)) {
    const mustBeGiven = isNonNullType(type) && definition.defaultValue === undefined
    return mustBeGiven ? [toError([], `a value of type "${type}" is required.`)] : []
  }
  const faults: GraphQLError[] = []
  coerceInputValue(values[name], type, (path, _value, error) => {
    faults.push(toError(path, toRule(error.message, type, path)))
  })
  return faults
}

function toRule(message: string, type: GraphQLInputType, path: readonly (string | number)[]): string {
  const missing = MISSING_FIELD.exec(message)
  if (missing !== null) return `the field "${missing[1]}" of type "${missing[2]}" is required.`
  const unknown = UNKNOWN_FIELD.exec(message)
  if (unknown !== null) return `there is no field "${unknown[1]}".`
  if (message.startsWith('Field "')) return 'there is no such field.'
  return `expected a value of type "${typeAt(type, path)}".`
}

function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): string {
  let at: GraphQLInputType | undefined = type
  for (const key of path) {
    const inner: GraphQLInputType | undefined = at && getNullableType(at)
    if (isListType(inner)) at = inner.ofType
    else at = isInputObjectType(inner) ? inner.getFields()[key]?.type : undefined
  }
  return String(at ?? type)
}
