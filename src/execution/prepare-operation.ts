import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type GraphQLType,
  isInputType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql'

/** A variable of an operation, with what its definition says. */
export interface PreparedVariable {
  readonly name: string
  readonly type: GraphQLInputType
  /** `undefined` if it has no default. */
  readonly defaultValue: unknown
  readonly definition: VariableDefinitionNode
}

/** One operation of a valid document. */
export interface PreparedOperation {
  readonly variables: readonly PreparedVariable[]
  /** The document for the executor, which takes the values of the variables as they are. They have been coerced. */
  readonly document: DocumentNode
}

/** Prepares the operations of documents, each of them once. */
export function createPrepareOperation(
  schema: GraphQLSchema,
): (document: DocumentNode, operation: OperationDefinitionNode) => PreparedOperation {
  const prepared = new WeakMap<OperationDefinitionNode, PreparedOperation>()

  return (document, operation) => {
    const known = prepared.get(operation)
    if (known !== undefined) return known
    const made = {
      variables: (operation.variableDefinitions ?? []).flatMap(it => toVariable(schema, it) ?? []),
      document: takingVariablesAsTheyAre(document, operation),
    }
    prepared.set(operation, made)
    return made
  }
}

/** Validation refuses a document with a variable of another type than an input type. */
function toVariable(schema: GraphQLSchema, definition: VariableDefinitionNode): PreparedVariable | null {
  const type: GraphQLType | undefined = typeFromAST(schema, definition.type)
  if (!isInputType(type)) return null
  const name = definition.variable.name.value
  return { name, type, defaultValue: valueFromAST(definition.defaultValue, type), definition }
}

/** Federation's scalar for any value. The executor would otherwise coerce each value a second time. */
const ANY: NamedTypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '_Any' } }

function takingVariablesAsTheyAre(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const { variableDefinitions = [] } = operation
  const taking = {
    ...operation,
    variableDefinitions: variableDefinitions.map(({ kind, variable }) => ({ kind, variable, type: ANY })),
  }
  return { ...document, definitions: document.definitions.map(it => (it === operation ? taking : it)) }
}
