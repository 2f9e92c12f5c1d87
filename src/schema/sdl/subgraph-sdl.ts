import {
  type ASTNode,
  type ConstDirectiveNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  print,
  printType,
  type StringValueNode,
  type TypeDefinitionNode,
} from 'graphql'

/** The first version that has `@cost`. A later one would shut out older gateways. */
const FEDERATION_URL = 'https://specs.apollo.dev/federation/v2.9'

type MemberNode = EnumValueDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode

/**
 * Prints the SDL that a subgraph publishes. It begins with the link to the specification of federation, which imports
 * the given directives. The types of the schema follow in their order. Types and fields that begin with `_` belong to
 * federation itself and are left out. The directives are those of the definitions (`astNode`).
 *
 * graphql-js cannot print this: `printSchema` leaves out directives, and `print` leaves out blank lines between
 * fields. It can print scalars, which have no directives for gateways.
 */
export function printSubgraphSdl(schema: GraphQLSchema, directives: readonly `@${string}`[]): string {
  const imports = directives.map(name => `"${name}"`).join(', ')
  const link = `extend schema\n  @link(url: "${FEDERATION_URL}", import: [${imports}])`
  const types = Object.values(schema.getTypeMap()).filter(
    type => isPublished(type.name) && !isSpecifiedScalarType(type),
  )
  const definitions = types.map(type => {
    const { name, astNode } = type
    if (!astNode) throw new Error(`The type ${name} has no definition to print`)
    return isScalarType(type) ? printType(type) : printDefinition(astNode)
  })
  return [link, ...definitions].join('\n\n')
}

function isPublished(name: string): boolean {
  return !name.startsWith('_')
}

function printDefinition({ description, directives = [], ...node }: TypeDefinitionNode): string {
  const described = printDescription(description)
  switch (node.kind) {
    case Kind.SCALAR_TYPE_DEFINITION:
    case Kind.UNION_TYPE_DEFINITION:
      return described + print({ ...node, directives })
    case Kind.ENUM_TYPE_DEFINITION:
      return `${described}${printHead({ ...node, values: [] }, directives)}{\n${printMembers(node.values)}\n}`
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_DEFINITION:
      return `${described}${printHead({ ...node, fields: [] }, directives)}{\n${printMembers(node.fields)}\n}`
  }
}

/** Prints the text before the block. If there are directives, each has its own line. */
function printHead(node: ASTNode, directives: readonly ConstDirectiveNode[]): string {
  if (directives.length === 0) return `${print(node)} `
  return `${print(node)}\n${indent(directives.map(print).join('\n'))}\n`
}

/** Prints members one below the other. A described one follows a blank line, unless it is the first. */
function printMembers(nodes: readonly MemberNode[] = []): string {
  return nodes
    .filter(({ name }) => isPublished(name.value))
    .map((node, index) => (index > 0 && node.description ? '\n' : '') + indent(printMember(node)))
    .join('\n')
}

function printMember({ description, ...node }: MemberNode): string {
  return (
    printDescription(description) + (node.kind === Kind.FIELD_DEFINITION ? printField(node) : print(node))
  )
}

function printField({ name, arguments: args = [], type, directives = [] }: FieldDefinitionNode): string {
  const given = args.length === 0 ? '' : `(\n${printMembers(args)}\n)`
  return [`${name.value}${given}: ${print(type)}`, ...directives.map(print)].join(' ')
}

function printDescription(description: StringValueNode | undefined): string {
  return description ? `${print({ ...description, block: true })}\n` : ''
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
