import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql'
import type { Scope, ScopeNames } from '../../access/caller.ts'
import { codedError } from '../coded-error.ts'
import type { GraphQLContext } from '../context.ts'

/**
 * The need that a field or a type can declare. It is a scope, or `ANY_SCOPE` if each of them will do. `NOTHING` stands
 * for every known caller.
 */
export type Needs = Scope | 'ANY_SCOPE' | 'NOTHING'

const NEEDS: ReadonlySet<unknown> = new Set<Needs>([
  'READ',
  'WRITE',
  'REPORT',
  'POLICY',
  'AUDIT',
  'ANY_SCOPE',
  'NOTHING',
])

/**
 * Puts a check before every resolver of the schema. A field needs the scope that it declares, or the one of its type.
 * If neither declares any, the field is refused to every caller. The check runs before any call to GenAuth. It
 * applies on every way to the field, `_entities` included.
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
    if (isMet(needs, context)) return resolve(source, args, context, info)
    throw codedError('FORBIDDEN', message)
  }
}

function isMet(needs: Needs | null, { may }: Pick<GraphQLContext, 'may'>): boolean {
  switch (needs) {
    case 'NOTHING':
      return true
    case 'ANY_SCOPE':
      return may('READ') || may('REPORT') || may('POLICY')
    case 'READ':
    case 'WRITE':
    case 'REPORT':
    case 'POLICY':
    case 'AUDIT':
      return may(needs)
    case null:
      return false
  }
}

/**
 * Returns the message of a refusal. It has the configured names of the scopes, because callers request them from the
 * issuer by these.
 */
function toRefusalMessage(needs: Needs | null, { read, write, report, policy, audit }: ScopeNames): string {
  switch (needs) {
    case 'READ':
      return `You need the \`${read}\` scope.`
    case 'WRITE':
      return `You need the \`${write}\` scope.`
    case 'REPORT':
      return `You need the \`${report}\` scope.`
    case 'POLICY':
      return `You need the \`${policy}\` scope.`
    case 'AUDIT':
      return `You need the \`${audit}\` scope.`
    case 'ANY_SCOPE':
      return `You need the \`${read}\` or the \`${report}\` or the \`${policy}\` scope.`
    case 'NOTHING':
    case null:
      return 'Nobody may have this.'
  }
}

/** Returns the need that an element's extensions declare, or `null` if they declare none. */
export function toNeeds(extensions: Readonly<Record<string, unknown>>): Needs | null {
  const needs = extensions['needs']
  return isNeeds(needs) ? needs : null
}

function isNeeds(value: unknown): value is Needs {
  return NEEDS.has(value)
}
