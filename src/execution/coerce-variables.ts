import { type GraphQLError, isNonNullType } from 'graphql'
import { coerceInput, type InputFault } from './coerce-input.ts'
import type { PreparedVariable } from './prepare-operation.ts'
import { MAX_ERRORS, toRequestError } from './request-error.ts'

export interface SentVariables {
  readonly variables: readonly PreparedVariable[]
  /** The values as the caller sent them. */
  readonly sent: Readonly<Record<string, unknown>>
  /** `true` if the messages may name values and fields of the schema that the operation does not name. */
  readonly isSchemaPublished: boolean
}

/** The values that an operation is executed with, unless there are errors. */
export interface CoercedVariables {
  readonly values: Readonly<Record<string, unknown>>
  readonly errors: readonly GraphQLError[]
}

/**
 * Coerces the variables of an operation to their types. It returns an error for each place at which a variable does not
 * fit. There are at most twenty errors. The last one says if there are more.
 *
 * The executor's own messages print a value as often as something in it is at fault, and suggest names of the schema.
 */
export function coerceVariables({ variables, sent, isSchemaPublished }: SentVariables): CoercedVariables {
  const errors: GraphQLError[] = []
  const values: [name: string, value: unknown][] = []
  for (const variable of variables) {
    const { name, type } = variable
    if (!Object.hasOwn(sent, name)) {
      if (variable.defaultValue !== undefined) values.push([name, variable.defaultValue])
      else if (isNonNullType(type)) {
        errors.push(toError(variable, { path: [], rule: `a value of type "${type}" is required.` }))
      }
    } else {
      const { value, faults } = coerceInput(sent[name], type, isSchemaPublished)
      values.push([name, value])
      for (const fault of faults) errors.push(toError(variable, fault))
    }
    if (errors.length >= MAX_ERRORS)
      return { values: {}, errors: [...errors.slice(0, MAX_ERRORS - 1), MORE_FAULTS] }
  }
  // Unlike an assignment, it keeps a variable that is called `__proto__`.
  return { values: Object.fromEntries(values), errors }
}

function toError({ name, definition }: PreparedVariable, { path, rule }: InputFault): GraphQLError {
  const place = [name, ...path].join('.')
  return toRequestError(
    'BAD_USER_INPUT',
    `Variable "$${name}" is not valid at "${place}": ${rule}`,
    definition,
  )
}

const MORE_FAULTS = toRequestError(
  'BAD_USER_INPUT',
  'More is at fault in the variables. Correct these faults first.',
)
