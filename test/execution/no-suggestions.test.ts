import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  isUnionType,
  specifiedDirectives,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { createPrepareDocument } from '../../src/execution/prepare-document.ts'
import { createValidationRules } from '../../src/execution/validation-rules.ts'
import { createSchema } from '../../src/schema/index.ts'

const schema = createSchema()
const withIntrospection = (introspection: boolean) =>
  createPrepareDocument({
    schema,
    rules: createValidationRules({ introspection }),
    hideSuggestions: !introspection,
  })
const prepare = withIntrospection(false)
const prepareOpenly = withIntrospection(true)

/** A document with one name spelled nearly right, and that name. */
interface Misspelling {
  readonly what: string
  readonly document: string
  /** Empty: no name is misspelled. */
  readonly name: string
}

const types = Object.values(schema.getTypeMap()).filter(type => !isIntrospectionType(type))
const fields = types.flatMap(type =>
  isObjectType(type) ? Object.values(type.getFields()).map(field => ({ parent: type.name, field })) : [],
)
const inputs = types.filter(isInputObjectType)
const misspell = (name: string) => `${name.slice(0, -1)}${name.endsWith('x') ? 'y' : 'x'}`
const on = (parent: string, selection: string) => `fragment F on ${parent} { ${selection} } { ...F }`
const selectionOf = ({ type }: GraphQLField<unknown, unknown>) =>
  isLeafType(getNamedType(type)) ? '' : '{ __typename }'
const literal = (type: GraphQLInputType, text: string) =>
  `query ($v: ${type} = ${text}) { __typename @skip(if: $v) }`

const MISSPELLINGS: readonly Misspelling[] = [
  ...fields.flatMap(({ parent, field }) => [
    {
      what: `the field ${parent}.${field.name}`,
      document: on(parent, `${misspell(field.name)} ${selectionOf(field)}`),
      name: field.name,
    },
    {
      what: `the selection of ${parent}.${field.name}`,
      document: on(parent, `${field.name} ${selectionOf(field) === '' ? '{ x }' : ''}`),
      name: '',
    },
    ...field.args.map(({ name }) => ({
      what: `the argument ${parent}.${field.name}(${name}:)`,
      document: on(parent, `${field.name}(${misspell(name)}: 1) ${selectionOf(field)}`),
      // What is missing is named by its right name.
      name: '',
    })),
  ]),
  ...types.flatMap(({ name }) => [
    { what: `the type ${name} of a fragment`, document: on(misspell(name), '__typename'), name },
    {
      what: `the type ${name} of an inline fragment`,
      document: `{ ... on ${misspell(name)} { __typename } }`,
      name,
    },
    {
      what: `the type ${name} of a variable`,
      document: `query ($v: ${misspell(name)}) { __typename }`,
      name,
    },
  ]),
  ...types.filter(isUnionType).map(({ name }) => ({
    what: `a field of the union ${name}`,
    document: on(name, 'code factors results'),
    name: '',
  })),
  ...inputs.flatMap(type =>
    Object.values(type.getFields()).map(({ name }) => ({
      what: `the input field ${type.name}.${name}`,
      document: literal(type, `{ ${misspell(name)}: 1 }`),
      name: '',
    })),
  ),
  ...types.filter(isEnumType).flatMap(type =>
    type.getValues().flatMap(({ name }) => [
      { what: `the value ${type.name}.${name}`, document: literal(type, misspell(name)), name },
      { what: `the value ${type.name}.${name} as a string`, document: literal(type, `"${name}"`), name: '' },
      {
        what: `the value ${type.name}.${name} in small letters`,
        document: literal(type, name.toLowerCase()),
        name,
      },
    ]),
  ),
  ...specifiedDirectives.flatMap(({ name, args }) => [
    { what: `the directive @${name}`, document: `{ __typename @${misspell(name)} }`, name },
    ...args.map(arg => ({
      what: `the argument @${name}(${arg.name}:)`,
      document: `{ __typename @${name}(${misspell(arg.name)}: 1) }`,
      name: '',
    })),
  ]),
  { what: 'a fragment', document: `fragment Find on Query { __typename } { ...Finx }`, name: '' },
  {
    what: 'a variable',
    document: `query ($user: String!) { userMfa(userId: $usex) { __typename } }`,
    name: '',
  },
  { what: 'a keyword', document: 'quary { __typename }', name: 'query' },
  { what: 'a quote', document: `{ userMfa(userId: 'u') { __typename } }`, name: '' },
  { what: 'an operation', document: 'subscription { userMfa }', name: '' },
]

const messagesOf = (faults: readonly { readonly message: string }[]) =>
  faults.map(({ message }) => message).join('\n')

describe('without introspection no message suggests a name', () => {
  it('for anything of the schema that is nearly right', () => {
    const told = MISSPELLINGS.map(({ what, document, name }) => ({
      what,
      name,
      text: messagesOf(prepare(document).faults),
    }))
    expect(told.filter(({ text }) => text === '')).toEqual([])
    expect(told.filter(({ text }) => /did you|mean|suggest|perhaps|instead/i.test(text))).toEqual([])
    expect(told.filter(({ name, text }) => name !== '' && text.includes(`"${name}"`))).toEqual([])
    expect(told.length).toBeGreaterThan(500)
  })

  it('or a value of an enum, neither the one meant nor another', () => {
    for (const type of types.filter(isEnumType)) {
      const text = messagesOf(prepare(literal(type, 'NOPE')).faults)
      expect(text).not.toBe('')
      for (const { name } of type.getValues()) expect(text).not.toContain(name)
    }
  })

  it('though with introspection each wrong value of an enum is answered with all that there are', () => {
    for (const type of types.filter(isEnumType)) {
      const values = type.getValues().map(({ name }) => name)
      for (const given of ['NOPE', '"NOPE"', '1', 'null', '{}']) {
        const text = messagesOf(prepareOpenly(`query ($v: ${type}! = ${given}) { x }`).faults)
        expect(text).toContain(`Expected a value of type "${type}!": one of ${values.join(', ')}.`)
      }
    }
  })

  it('though with introspection many do', () => {
    const helped = MISSPELLINGS.filter(({ document }) =>
      /did you mean/i.test(messagesOf(prepareOpenly(document).faults)),
    )
    expect(helped.length).toBeGreaterThan(MISSPELLINGS.length / 3)
  })
})
