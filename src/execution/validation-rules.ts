import {
  GraphQLError,
  getNamedType,
  isIntrospectionType,
  specifiedRules,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
} from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'
import { toExpectation } from './expectation.ts'

/** Makes the specification's rule for values, whose own messages would print the value that does not fit. */
function createQuietValuesRule(isPublished: boolean): ValidationRule {
  return context => {
    const quiet: typeof context = Object.create(context)
    quiet.reportError = error => {
      const namesOnly = error.message.startsWith('Field "')
      const type = context.getInputType()
      const message = type == null ? 'Expected another value.' : capitalise(toExpectation(type, isPublished))
      context.reportError(namesOnly ? error : new GraphQLError(message, { nodes: error.nodes ?? null }))
    }
    return ValuesOfCorrectTypeRule(quiet)
  }
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** Refuses an operation whose root type does not exist. The executor would respond with a 200. */
const KnownOperationTypesRule: ValidationRule = context => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation) == null) {
      context.reportError(new GraphQLError(`This schema has no ${node.operation}.`, { nodes: node }))
    }
  },
})

/** Refuses introspection, and `_service`, which publishes the same SDL. `__typename` stays. */
const NoPublishedSchemaRule: ValidationRule = context => ({
  Field(node) {
    const type = getNamedType(context.getType())
    const isOfSchema = type != null && isIntrospectionType(type)
    const isAtRoot = context.getParentType() === context.getSchema().getQueryType()
    if (isAtRoot && (isOfSchema || node.name.value === '_service')) {
      context.reportError(
        new GraphQLError(
          'This server does not publish its schema. Take schema.graphql from its package, or set INTROSPECTION=on.',
          {
            nodes: node,
            extensions: { code: 'INTROSPECTION_DISABLED' satisfies GraphQLErrorCode },
          },
        ),
      )
    }
  },
})

/**
 * Makes the specification's rules. Their messages hold no word that could be a caller's value.
 *
 * @param introspection `true` if the schema is published. A message then names the values of an enum
 */
export function createValidationRules({
  introspection,
}: {
  introspection: boolean
}): readonly ValidationRule[] {
  const quietValuesRule = createQuietValuesRule(introspection)
  const rules = specifiedRules.map(rule => (rule === ValuesOfCorrectTypeRule ? quietValuesRule : rule))
  return [...rules, KnownOperationTypesRule, ...(introspection ? [] : [NoPublishedSchemaRule])]
}
