import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLScalarType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
} from 'graphql'
import { toExpectation, toNames } from './expectation.ts'
import { MAX_ERRORS } from './request-error.ts'

/** A place at which a value does not fit its type, and the rule that a value must follow there. */
export interface InputFault {
  readonly path: readonly (string | number)[]
  /** Consists of the schema's words, and repeats nothing of the value. */
  readonly rule: string
}

type JsonObject = Readonly<Record<string, unknown>>

/**
 * Returns the parts of a JSON value that do not fit an input type, by the rules of GraphQL's input coercion. It returns
 * as many faults as are reported, and one more if there are more. It looks at no part of a value twice, and stops when
 * it has enough.
 *
 * @param isPublished `true` if the rules may name the schema's choices in the place: an enum's values, an input's
 * fields
 */
export function findInputFaults(
  value: unknown,
  type: GraphQLInputType,
  isPublished: boolean,
): readonly InputFault[] {
  const faults: InputFault[] = []
  const path: (string | number)[] = []
  const report = (rule: string) => faults.push({ path: [...path], rule })

  function look(value: unknown, type: GraphQLInputType): void {
    const inner = getNullableType(type)
    if (value === null || value === undefined) {
      if (isNonNullType(type)) report(toExpectation(type, isPublished))
    } else if (isListType(inner)) {
      // A value that is not a list stands for a list of one.
      if (Array.isArray(value)) lookAtList(value, inner.ofType)
      else look(value, inner.ofType)
    } else if (isInputObjectType(inner) && isObject(value)) lookAtObject(value, inner)
    else if (isInputObjectType(inner) || !fits(value, inner)) report(toExpectation(type, isPublished))
  }

  function lookAtList(list: readonly unknown[], type: GraphQLInputType): void {
    for (let index = 0; index < list.length && faults.length < MAX_ERRORS; index++) {
      path.push(index)
      look(list[index], type)
      path.pop()
    }
  }

  function lookAtObject(value: JsonObject, type: GraphQLInputObjectType): void {
    let known = 0
    for (const { name, type: fieldType, defaultValue } of Object.values(type.getFields())) {
      if (faults.length >= MAX_ERRORS) return
      if (Object.hasOwn(value, name)) {
        known++
        path.push(name)
        look(value[name], fieldType)
        path.pop()
      } else if (defaultValue === undefined && isNonNullType(fieldType)) {
        report(`the field "${name}" of type "${fieldType}" is required.`)
      }
    }
    if (Object.keys(value).length > known) {
      const names = isPublished ? `: its fields are ${toNames(Object.values(type.getFields()))}` : ''
      report(`it has a field that "${type}" does not define${names}.`)
    }
    if (type.isOneOf && (known !== 1 || Object.values(value).includes(null))) {
      report('exactly one of its fields must be given.')
    }
  }

  look(value, type)
  return faults
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fits(value: unknown, type: GraphQLScalarType | GraphQLEnumType): boolean {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined
  // The message that is thrown for an object would hold all of it.
  if (typeof value === 'object' && isSpecifiedScalarType(type)) return false
  try {
    return type.parseValue(value) !== undefined
  } catch {
    return false
  }
}
