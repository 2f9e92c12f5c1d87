import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql'
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
 * applies on every way to the field, `_entities` included. A subscription is checked before it begins, and again at
 * each of its events.
 */
export function guardFields(schema: GraphQLSchema, scopeNames: ScopeNames): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const needs = toNeeds(field.extensions) ?? toNeeds(type.extensions)
      const check = createCheck(needs, toNeedsWithoutUsers(field.extensions) ?? needs, scopeNames)
      const { resolve = defaultFieldResolver, subscribe } = field
      field.resolve = (source, args, context, info) => {
        check(args, context)
        return resolve(source, args, context, info)
      }
      if (subscribe === undefined) continue
      field.subscribe = (source, args, context, info) => {
        check(args, context)
        return subscribe(source, args, context, info)
      }
    }
  }
  return schema
}

type Check = (args: Readonly<Record<string, unknown>>, context: GraphQLContext) => void

/**
 * Creates the check of a field. It throws the refusal.
 *
 * @param withoutUsers the need of a request that leaves the argument `users` out
 */
function createCheck(needs: Needs | null, withoutUsers: Needs | null, scopeNames: ScopeNames): Check {
  const message = toRefusalMessage(needs, scopeNames)
  if (needs === withoutUsers) {
    return (_args, context) => {
      if (!isMet(needs, context)) throw codedError('FORBIDDEN', message)
    }
  }
  const messageWithoutUsers = toRefusalMessage(withoutUsers, scopeNames)
  return (args, context) => {
    const namesNone = args['users'] == null
    if (isMet(namesNone ? withoutUsers : needs, context)) return
    throw codedError('FORBIDDEN', namesNone ? messageWithoutUsers : message)
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

/** Returns the need of a subscription that names no users, or `null` if that is the same as with users. */
export function toNeedsWithoutUsers(extensions: Readonly<Record<string, unknown>>): Needs | null {
  const needs = extensions['needsWithoutUsers']
  return isNeeds(needs) ? needs : null
}

function isNeeds(value: unknown): value is Needs {
  return NEEDS.has(value)
}
