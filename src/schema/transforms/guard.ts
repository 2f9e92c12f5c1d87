import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql'
import type { Scope } from '../../access/caller.ts'
import { codedError } from '../coded-error.ts'
import type { GraphQLContext } from '../context.ts'

/** What the scopes are called in callers' tokens. */
export interface ScopeNames {
  readonly read: string
  readonly write: string
}

/** What a field or a type can declare: a scope, or that every known caller may have it. */
export type Needs = Scope | 'NOTHING'

/**
 * Puts a check before every resolver of the schema: a field needs what it declares, or what its type declares,
 * and one that declares nothing is refused to everybody. The check comes before anything is asked of GenAuth,
 * and does not care by which way a field is reached, `_entities` included.
 */
export function guardFields(schema: GraphQLSchema, scopeNames: ScopeNames): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      guardField(field, toNeeds(field.extensions) ?? toNeeds(type.extensions), scopeNames)
    }
  }
  return schema
}

function guardField(
  field: GraphQLField<unknown, GraphQLContext>,
  needs: Needs | null,
  scopeNames: ScopeNames,
): void {
  const message = toRefusalMessage(needs, scopeNames)
  const resolve = field.resolve ?? defaultFieldResolver
  field.resolve = (source, args, context, info) => {
    if (needs === 'NOTHING' || (needs !== null && context.may(needs)))
      return resolve(source, args, context, info)
    throw codedError('FORBIDDEN', message)
  }
}

/** Scopes have the names that are configured: by these a caller asks the issuer for them. */
function toRefusalMessage(needs: Needs | null, { read, write }: ScopeNames): string {
  switch (needs) {
    case 'READ':
      return `You need the \`${read}\` scope.`
    case 'WRITE':
      return `You need the \`${write}\` scope.`
    case 'NOTHING':
    case null:
      return 'Nobody may have this.'
  }
}

/** What an element's extensions declare; null when they declare nothing. */
export function toNeeds(extensions: Readonly<Record<string, unknown>>): Needs | null {
  const needs = extensions['needs']
  return needs === 'READ' || needs === 'WRITE' || needs === 'NOTHING' ? needs : null
}
