import {
  coerceInputValue,
  type ExecutionArgs,
  type GraphQLError,
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
import { toRequestError } from './request-error.ts'

/** Enough to see what is wrong: a body can hold tens of thousands of faults. */
const MAX_FAULTS = 20
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
  const faults: GraphQLError[] = []
  for (const definition of definitions) {
    if (faults.length >= MAX_FAULTS) break
    faults.push(...findFaults(schema, definition, variableValues ?? {}))
  }
  return faults.slice(0, MAX_FAULTS)
}

function findFaults(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const name = definition.variable.name.value
  const type = typeFromAST(schema, definition.type)
  if (!isInputType(type)) return []
  const toError = (path: readonly (string | number)[], rule: string) => {
    const message = `Variable "$${name}" is not valid at "${[name, ...path].join('.')}": ${rule}`
    return toRequestError('BAD_USER_INPUT', message, definition)
  }

  if (!Object.hasOwn(values, name)) {
    const mustBeGiven = isNonNullType(type) && definition.defaultValue === undefined
    return mustBeGiven ? [toError([], `a value of type "${type}" is required.`)] : []
  }
  const faults: GraphQLError[] = []
  try {
    coerceInputValue(values[name], type, (path, _value, error) => {
      faults.push(toError(path, toRule(error.message, type, path)))
      if (faults.length >= MAX_FAULTS) throw new EnoughFaults()
    })
  } catch (error) {
    if (!(error instanceof EnoughFaults)) throw error
  }
  return faults
}

/** The only way out of graphql-js's own walk over a value. */
class EnoughFaults extends Error {}

function toRule(message: string, type: GraphQLInputType, path: readonly (string | number)[]): string {
  const missing = MISSING_FIELD.exec(message)
  if (missing !== null) return `the field "${missing[1]}" of type "${missing[2]}" is required.`
  if (message.startsWith('Field "')) return `it has a field that "${typeAt(type, path)}" does not define.`
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
