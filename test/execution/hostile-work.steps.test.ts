import { beforeAll, describe, expect, it } from 'vitest'
import { createPrepareDocument } from '../../src/execution/prepare-document.ts'
import { createTrustedDocuments, toDocumentId } from '../../src/execution/trusted-documents.ts'
import { createValidationRules } from '../../src/execution/validation-rules.ts'
import { createSchema } from '../../src/schema/index.ts'
import { countSteps } from '../support/count-steps.ts'

const GRAPHQL = 'node_modules/graphql/'
const times = (count: number, toItem: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => toItem(n)).join(' ')
const inUser = (selection: string) => `{ userMfa(userId: "u") { ... on UserMfa { user { ${selection} } } } }`
const lines = (count: number) => '\n'.repeat(count)
const KILOBYTES_60 = 60 * 1024

/** As dear as a sound document can be made: all of its tokens are used, on fields that are held against one another. */
const DEAREST_SOUND = inUser(
  `mfa { ${times(50, () => '__typename revision posture phone email totpMfaEnabled faceMfaEnabled')} }`,
)

/** Each of at most 64 KB as it is sent. */
const DOCUMENTS: readonly (readonly [string, string])[] = [
  [
    'line ends before fragments in circles',
    `{ ...F0 }${lines(25_000)}${times(20, n => `fragment F${n} on Query { ${times(20, m => `...F${m}`)} }`)}`,
  ],
  [
    'as many lines as there may be before fragments in circles',
    `{ ...F0 }${lines(998)}${times(20, n => `fragment F${n} on Query { ${times(20, m => `...F${m}`)} }`)}`,
  ],
  ['line ends between faults', times(250, n => `${lines(100)}f${n}`)],
  ['a syntax error behind many line ends', `{${lines(30_000)}}`],
  ['a syntax error behind many carriage returns', `{${'\r'.repeat(30_000)}}`],
  ['unknown fields', inUser(times(900, n => `f${n}`))],
  ['the same leaf again and again', inUser(times(930, () => 'id'))],
  ['the same object again and again', inUser(times(240, () => 'mfa { revision }'))],
  [
    'the same leaf in many fragments',
    `${inUser(times(15, n => `...F${n}`))} ${times(15, n => `fragment F${n} on User { ${times(50, () => 'id')} }`)}`,
  ],
  ['objects in one another', inUser(times(55, () => 'mfa { user { mfa { user { mfa { revision } } } } }'))],
  ['a name of 60 KB', inUser('f'.repeat(KILOBYTES_60))],
  ['long names under one alias', inUser(times(15, n => `a: ${'f'.repeat(4_000)}${n}`))],
  ['long names of arguments', `{ userMfa(${times(12, n => `${'f'.repeat(5_000)}${n}: 1`)}) { __typename } }`],
  ['long names of types', times(12, n => `fragment F on ${'f'.repeat(5_000)}${n} { id }`)],
  ['many operations with one name', times(190, () => 'query Q { a }')],
  ['many variables with one name', `query (${times(240, () => '$v: Int')}) { __typename }`],
  ['many variables that nobody uses', `query (${times(240, n => `$v${n}: Int`)}) { __typename }`],
  ['unknown arguments', `{ userMfa(${times(300, n => `a${n}: 1`)}) { __typename } }`],
  ['arguments with one name', `{ userMfa(${times(300, () => 'userId: "u"')}) { __typename } }`],
  [
    'unknown fields of an input',
    `mutation { setUserMfaStatus(input: { ${times(300, n => `a${n}: 1`)} }) { __typename } }`,
  ],
  [
    'unknown values',
    `mutation { setUserMfaStatus(input: { userId: "u", enable: [${times(900, n => `SM${n}`)}] }) { __typename } }`,
  ],
  ['unknown directives', `{ __typename ${times(5, n => `@d${n}(${times(48, m => `i${m}: 1`)})`)} }`],
  ['leaves with selections', inUser(times(240, () => 'id { id }'))],
  [
    'introspection again and again',
    `{ ${times(10, n => `a${n}: __schema { types { fields { type { fields { name } } } } }`)} }`,
  ],
  [
    'introspection by aliases',
    `{ __schema { types { ${times(7, n => `a${n}: fields { type { ${times(1, m => `b${m}: fields { name }`)} } }`)} } } }`,
  ],
  ['comments', `${'#\n'.repeat(900)}${'#'.repeat(50_000)}\n{ nope }`],
]

const schema = createSchema()
const prepareWith = (introspection: boolean) =>
  createPrepareDocument({
    schema,
    rules: createValidationRules({ introspection }),
    hideSuggestions: !introspection,
  })

describe('a hostile document', () => {
  let mostSteps = 0
  beforeAll(async () => {
    const prepare = prepareWith(true)
    // The schema is validated once, before the first of all documents.
    expect(prepare('{ __typename }').faults).toEqual([])
    mostSteps = await countSteps(GRAPHQL, () => expect(prepare(DEAREST_SOUND).faults).toEqual([]))
  })

  it.each(DOCUMENTS)('takes a bounded number of steps and errors: %s', async (_what, document) => {
    const prepare = prepareWith(true)
    const steps = await countSteps(GRAPHQL, () => prepare(document))
    expect(steps).toBeLessThan(mostSteps * 1.5)
    const { faults } = prepare(document)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(20)
    for (const { message, locations } of faults) {
      expect(message.length).toBeLessThan(1_000)
      expect(locations?.length ?? 0).toBeLessThanOrEqual(5)
    }
  })

  it('says that there are more errors than it tells', () => {
    const { faults } = prepareWith(false)(inUser(times(900, n => `f${n}`)))
    expect(faults).toHaveLength(20)
    expect(faults.at(-1)?.message).toContain('Too many validation errors')
  })
})

describe('a text that is compared with trusted documents', () => {
  const document = '{ userMfa(userId: "u") { __typename } }'
  const documents = createTrustedDocuments([document])

  it.each([
    ['words', 'a '.repeat(30_000)],
    ['braces', '{'.repeat(KILOBYTES_60)],
    ['strings', '"" '.repeat(12_000)],
    ['block strings', '"""\n a\n""" '.repeat(4_000)],
  ])('is read up to the limit of tokens, and no further: %s', async (_what, text) => {
    const limit = await countSteps('graphql/language/lexer', () =>
      documents.findId(text.slice(0, 2_000 * 11)),
    )
    const steps = await countSteps('graphql/language/lexer', () => documents.findId(text))
    expect(steps).toBeLessThanOrEqual(limit)
    expect(documents.findId(text)).toBeNull()
  })

  it('is found by its tokens, as far as they go', () => {
    expect(documents.findId(` ${document.replaceAll(' ', '\n , # c\n')} `)).toBe(toDocumentId(document))
    expect(documents.findId(`${document} x`)).toBeNull()
    expect(documents.findId(document.slice(0, -1))).toBeNull()
  })
})
