import { readFileSync } from 'node:fs'
import {
  type DocumentNode,
  execute,
  extendSchema,
  getNamedType,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { readOperations } from '../src/http/page/read-operations.ts'
import { createSchema, printPublishedSdl } from '../src/schema/index.ts'
import { findUnannouncedBreaks } from './support/schema-evolution.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const released = read('test/schema.released.graphql')
const changelog = read('CHANGELOG.md')
const EMPTY = '# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- **Breaking:** `UserMfa.phone` of old.\n'
const announcing = (line: string) => EMPTY.replace('Unreleased\n', `Unreleased\n\n- **Breaking:** ${line}\n`)

describe('the schema against the last released one', () => {
  it('breaks nothing that the changelog does not announce', async () => {
    expect(await findUnannouncedBreaks(released, printPublishedSdl(), changelog)).toEqual([])
  })

  it.each([
    [
      'a field that is gone',
      / {2}"""\n {2}The person[^"]*"""\n {2}account: MfaAccount[^\n]*\n/,
      '',
      'UserMfa.account',
    ],
    ['a field of another type', 'account: MfaAccount', 'account: String', 'UserMfa.account'],
    ['a field that may be null', 'revision: String!', 'revision: String', 'UserMfa.revision'],
    [
      'a value that is gone',
      / {2}"""\n {2}Identity at a synch.*?SYNC_RELATION\n/s,
      '',
      'UserIdType.SYNC_RELATION',
    ],
    [
      'an argument that must be given',
      'users: [UserRefInput!]!\n  )',
      'users: [UserRefInput!]!\n    limit: Int!\n  )',
      'Query.usersMfa.limit',
    ],
    ['a union without a member', ' | MfaConflictError', '', 'SetUserMfaStatusPayload'],
  ])('takes %s for a break unless it is announced', async (_what, from, to, coordinate) => {
    const changed = released.replace(from, to)
    expect(changed).not.toBe(released)
    const found = await findUnannouncedBreaks(released, changed, EMPTY)
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).toContain(`${coordinate}: `)
    expect(await findUnannouncedBreaks(released, changed, announcing('`Query.other` is gone.'))).toEqual(
      found,
    )
    expect(
      await findUnannouncedBreaks(released, changed, announcing(`\`${coordinate}\` is other now.`)),
    ).toEqual([])
  })

  it.each([
    ['a new field', '  revision: String!', '  revision: String!\n  more: String'],
    [
      'a new member of a union',
      'union UsersMfaPayload = UsersMfaSuccess',
      'union UsersMfaPayload = MfaConflictError | UsersMfaSuccess',
    ],
    ['a deprecation', '  revision: String!', '  revision: String! @deprecated(reason: "x")'],
    ['another cost', '@cost(weight: 3)', '@cost(weight: 4)'],
  ])('takes %s for none', async (_what, from, to) => {
    const changed = released.replace(from, to)
    expect(changed).not.toBe(released)
    expect(await findUnannouncedBreaks(released, changed, EMPTY)).toEqual([])
  })

  it('has a section in the changelog for the version that is released', () => {
    const { version } = JSON.parse(read('package.json'))
    expect(changelog).toMatch(new RegExp(`^## ${version}( |$)`, 'm'))
    expect(changelog).toMatch(/^## Unreleased$/m)
  })
})

describe('a document that carries ... on MfaError { code message }', () => {
  const BY_THE_RULE = /* GraphQL */ `
    mutation { setUserMfaStatus(input: { userId: "u", enable: [OTP] }) {
      __typename
      ... on SetUserMfaStatusSuccess { applied }
      ... on MfaRevisionConflictError { current { revision } }
      ... on MfaError { code message }
    } }
  `

  it('is understood by a server that has one more kind of error', async () => {
    const later = createLaterSchema()
    expect(validate(later, parse(BY_THE_RULE))).toEqual([])
    expect(await ask(BY_THE_RULE)).toEqual({
      __typename: 'MfaQuotaError',
      code: 'QUOTA',
      message: 'Come back tomorrow.',
    })
  })

  it('tells what one that names every known error cannot', async () => {
    const document = BY_THE_RULE.replace('... on MfaError', '... on MfaConflictError')
    expect(await ask(document)).toEqual({ __typename: 'MfaQuotaError' })
  })

  async function ask(document: string) {
    const contextValue = { may: () => true, requestId: 'r' }
    const { data, errors } = await execute({
      schema: createLaterSchema(),
      document: parse(document),
      contextValue,
    })
    expect(errors).toBeUndefined()
    return data?.['setUserMfaStatus']
  }

  /** This schema as a later version might have it, every set of which meets with the new error. */
  function createLaterSchema() {
    const later = extendSchema(
      createSchema(),
      parse(/* GraphQL */ `
        extend enum MfaErrorCode { QUOTA }
        extend union SetUserMfaStatusPayload = MfaQuotaError
        type MfaQuotaError implements MfaError {
          code: MfaErrorCode!  message: String!  retryable: Boolean!  requestId: String!
          upstreamStatusCode: Int  upstreamApiCode: Int  upstreamRequestId: String
        }
      `),
    )
    const field = later.getMutationType()?.getFields()['setUserMfaStatus']
    const union = later.getType('SetUserMfaStatusPayload')
    if (field === undefined || !isUnionType(union)) throw new Error('The schema has the mutation')
    field.resolve = () => ({ code: 'QUOTA', message: 'Come back tomorrow.' })
    union.resolveType = () => 'MfaQuotaError'
    return later
  }
})

describe('the documents of this project', () => {
  const documents: [string, string][] = [
    ...[...read('README.md').matchAll(/```graphql\n([\s\S]*?)```/g)].map(
      ([, document = ''], index): [string, string] => [`README, ${index + 1}`, document],
    ),
    ...readOperations().map(({ file, document }): [string, string] => [file, document]),
  ]

  it.each(documents)('carry it wherever they select from a union: %s', (_name, text) => {
    expect(findBareUnions(parse(text))).toEqual([])
  })

  it('are found at fault where they do not', () => {
    const bare = '{ userMfa(userId: "u") { ... on UserMfa { phone } ... on MfaError { code } } }'
    expect(findBareUnions(parse(bare))).toEqual(['UserMfaPayload'])
  })
})

/** The unions from which a document selects without the code and message of every error. */
function findBareUnions(document: DocumentNode): string[] {
  const info = new TypeInfo(createSchema())
  const bare: string[] = []
  const fragments = new Map(
    document.definitions.flatMap(node =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  )
  const errorFields = ({ selections }: SelectionSetNode): string[] =>
    selections.flatMap(selection => {
      const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
      if (part === undefined || part.kind === Kind.FIELD) return []
      if (part.typeCondition?.name.value !== 'MfaError') return errorFields(part.selectionSet)
      return part.selectionSet.selections.flatMap(field =>
        field.kind === Kind.FIELD ? [field.name.value] : [],
      )
    })
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ selectionSet }) {
        const type = getNamedType(info.getType())
        if (!isUnionType(type) || type.name === '_Entity' || selectionSet === undefined) return
        const found = errorFields(selectionSet)
        if (!found.includes('code') || !found.includes('message')) bare.push(type.name)
      },
    }),
  )
  return bare
}
