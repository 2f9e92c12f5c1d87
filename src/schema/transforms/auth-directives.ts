import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parseConstValue,
} from 'graphql'
import type { ScopeNames } from '../../access/caller.ts'
import { type Needs, toNeeds, toNeedsWithoutUsers } from './guard.ts'

/** The directives that the published SDL imports if it carries them. */
export const AUTH_DIRECTIVES: `@${string}`[] = ['@authenticated', '@requiresScopes']

/**
 * Writes into the definitions which scopes fields and types need, for gateways that heed it. No resolver sees it, and
 * the guard works the same.
 *
 * Federation applies a directive on a type, or on a key, to the same type of every other subgraph. Therefore only
 * those fields of an entity carry one that are not its key.
 */
export function declareAuthDirectives(schema: GraphQLSchema, scopeNames: ScopeNames): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.astNode || type.name.startsWith('_')) continue
    const { astNode } = type
    const ofType = toNeeds(type.extensions)
    const isEntity = astNode.directives?.some(({ name }) => name.value === 'key') ?? false
    const ofFields = (astNode.fields ?? []).map(field =>
      annotate(field, needsOf(type, field) ?? (isEntity && !isKey(field) ? ofType : null), scopeNames),
    )
    type.astNode = { ...annotate(astNode, isEntity ? null : ofType, scopeNames), fields: ofFields }
  }
}

/** A directive cannot tell arguments apart. If a field's need depends on them, each scope passes the gateway. */
function needsOf(type: GraphQLObjectType, { name }: FieldDefinitionNode): Needs | null {
  const extensions = type.getFields()[name.value]?.extensions ?? {}
  return toNeedsWithoutUsers(extensions) === null ? toNeeds(extensions) : 'ANY_SCOPE'
}

/** Returns `true` for a key, because only keys have the type ID. */
function isKey({ type }: FieldDefinitionNode): boolean {
  return (
    type.kind === Kind.NON_NULL_TYPE && type.type.kind === Kind.NAMED_TYPE && type.type.name.value === 'ID'
  )
}

function annotate<N extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
  node: N,
  needs: Needs | null,
  scopeNames: ScopeNames,
): N {
  if (needs === null) return node
  return { ...node, directives: [...(node.directives ?? []), toDirective(needs, scopeNames)] }
}

/** The write scope includes the read scope. Federation cannot know that, so the directive names both. */
function toDirective(needs: Needs, { read, write, report, policy, audit }: ScopeNames): ConstDirectiveNode {
  switch (needs) {
    case 'NOTHING':
      return directive('authenticated')
    case 'READ':
      return directive('requiresScopes', [[read], [write]])
    case 'WRITE':
      return directive('requiresScopes', [[write]])
    case 'REPORT':
      return directive('requiresScopes', [[report]])
    case 'POLICY':
      return directive('requiresScopes', [[policy]])
    case 'AUDIT':
      return directive('requiresScopes', [[audit]])
    case 'ANY_SCOPE':
      return directive('requiresScopes', [[read], [write], [report], [policy]])
  }
}

function directive(name: string, scopes?: readonly (readonly string[])[]): ConstDirectiveNode {
  const args = scopes === undefined ? {} : { scopes }
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: parseConstValue(JSON.stringify(value)),
    })),
  }
}
