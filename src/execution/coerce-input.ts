import {
  type GraphQLEnumType,
  type GraphQLInputField,
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

/** A JSON value as resolvers receive it, and what of it does not fit. Use it only if there is no fault. */
export interface CoercedInput {
  readonly value: unknown
  readonly faults: readonly InputFault[]
}

type JsonObject = Readonly<Record<string, unknown>>

/**
 * Coerces a JSON value to an input type, by the rules of GraphQL's input coercion. It returns as many faults as are
 * reported, and one more if there are more. It looks at no part of a value twice, and stops when it has enough.
 *
 * @param isPublished `true` if the rules may name the schema's choices in the place: an enum's values, an input's
 * fields
 */
export function coerceInput(value: unknown, type: GraphQLInputType, isPublished: boolean): CoercedInput {
  const coercion = new Coercion(isPublished)
  return { value: coercion.coerce(value, type), faults: coercion.faults }
}

class Coercion {
  readonly faults: InputFault[] = []
  readonly #path: (string | number)[] = []
  readonly #isPublished: boolean

  constructor(isPublished: boolean) {
    this.#isPublished = isPublished
  }

  /** Returns `undefined` for a value that does not fit. */
  coerce(value: unknown, type: GraphQLInputType): unknown {
    const inner = getNullableType(type)
    if (value === null || value === undefined) {
      return isNonNullType(type) ? this.#reportType(type) : null
    }
    if (isListType(inner)) {
      // A value that is not a list stands for a list of one.
      return Array.isArray(value) ? this.#coerceList(value, inner.ofType) : [this.coerce(value, inner.ofType)]
    }
    if (isInputObjectType(inner)) {
      return isObject(value) ? this.#coerceObject(value, inner) : this.#reportType(type)
    }
    const coerced = coerceLeaf(value, inner)
    return coerced === undefined ? this.#reportType(type) : coerced
  }

  #coerceList(list: readonly unknown[], type: GraphQLInputType): unknown[] {
    const coerced: unknown[] = []
    for (let index = 0; index < list.length && this.faults.length < MAX_ERRORS; index++) {
      this.#path.push(index)
      coerced.push(this.coerce(list[index], type))
      this.#path.pop()
    }
    return coerced
  }

  #coerceObject(value: JsonObject, type: GraphQLInputObjectType): JsonObject | undefined {
    const coerced: Record<string, unknown> = {}
    let known = 0
    for (const { name, type: fieldType, defaultValue } of fieldsOf(type)) {
      if (this.faults.length >= MAX_ERRORS) return
      if (Object.hasOwn(value, name)) {
        known++
        this.#path.push(name)
        coerced[name] = this.coerce(value[name], fieldType)
        this.#path.pop()
      } else if (defaultValue !== undefined) coerced[name] = defaultValue
      else if (isNonNullType(fieldType)) {
        this.#report(`the field "${name}" of type "${fieldType}" is required.`)
      }
    }
    if (Object.keys(value).length > known) {
      const names = this.#isPublished ? `: its fields are ${toNames(fieldsOf(type))}` : ''
      this.#report(`it has a field that "${type}" does not define${names}.`)
    }
    if (type.isOneOf && (known !== 1 || Object.values(value).includes(null))) {
      this.#report('exactly one of its fields must be given.')
    }
    return coerced
  }

  #reportType(type: GraphQLInputType): undefined {
    this.#report(toExpectation(type, this.#isPublished))
  }

  #report(rule: string): void {
    this.faults.push({ path: [...this.#path], rule })
  }
}

const knownFields = new WeakMap<GraphQLInputObjectType, readonly GraphQLInputField[]>()

/** Listing the fields of a type takes longer than reading a value of it. */
function fieldsOf(type: GraphQLInputObjectType): readonly GraphQLInputField[] {
  const known = knownFields.get(type)
  if (known !== undefined) return known
  const fields = Object.values(type.getFields())
  knownFields.set(type, fields)
  return fields
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns `undefined` for a value that does not fit. */
function coerceLeaf(value: unknown, type: GraphQLScalarType | GraphQLEnumType): unknown {
  if (isEnumType(type)) return typeof value === 'string' ? type.getValue(value)?.value : undefined
  // The message that is thrown for an object would hold all of it.
  if (typeof value === 'object' && isSpecifiedScalarType(type)) return undefined
  try {
    return type.parseValue(value)
  } catch {
    return undefined
  }
}
