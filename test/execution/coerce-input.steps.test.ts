import fc from 'fast-check'
import {
  coerceInputValue,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  isInputObjectType,
  isLeafType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { coerceInput } from '../../src/execution/coerce-input.ts'
import { createSchema } from '../../src/schema/index.ts'
import { countSteps } from '../support/count-steps.ts'

const schema = createSchema()
const named = Object.values(schema.getTypeMap()).flatMap(type =>
  isInputObjectType(type) || isLeafType(type) ? [type] : [],
)
const types: GraphQLInputType[] = named.flatMap(type => [
  type,
  new GraphQLNonNull(type),
  new GraphQLList(new GraphQLNonNull(type)),
])
const findType = (name: string) => named.find(type => type.name === name) ?? expect.fail(`no ${name}`)

/** Names and values that fit somewhere, so that a good part of what is made up fits or nearly does. */
const key = fc.constantFrom(
  ...[
    'userId',
    'userIdType',
    'type',
    'enabled',
    'sort',
    'users',
    'factors',
    'enable',
    'disable',
    'triggerData',
  ],
  ...['mfaPhone', 'dryRun', 'reason', 'onError', '__proto__', 'toString', 'nope'],
)
const leaf = fc.constantFrom<unknown>(
  ...[
    'u',
    'SMS',
    'USER_ID',
    'SMSS',
    '',
    1,
    0,
    -1,
    1.5,
    2 ** 31,
    Number.MAX_VALUE,
    true,
    false,
    null,
    '__proto__',
  ],
)
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}))

/** Returns the value that graphql-js makes, or `REFUSED`. */
function coerceByGraphQL(value: unknown, type: GraphQLInputType): unknown {
  let refused = false
  const coerced: unknown = coerceInputValue(value, type, () => {
    refused = true
  })
  return refused ? 'REFUSED' : coerced
}

describe('what does not fit an input type', () => {
  it.each(types.map(type => [String(type), type] as const))(
    'is found for %s exactly where graphql-js finds it, and the rest is coerced alike',
    (_name, type) => {
      fc.assert(
        fc.property(value, made => {
          // As it comes: `__proto__` is a key like others in JSON.
          const parsed: unknown = JSON.parse(JSON.stringify(made))
          const { value, faults } = coerceInput(parsed, type, true)
          expect(faults.length > 0 ? 'REFUSED' : value).toEqual(coerceByGraphQL(parsed, type))
        }),
        { numRuns: 200 },
      )
    },
  )

  it('is told with its place and what is expected there, and nothing of the value', () => {
    const given = {
      userId: { secret: 'secret' },
      userIdType: 'secret',
      secret: 'secret',
      factors: [{ type: 'SMS' }, { type: 'secret', enabled: 'secret', sort: 1.5 }, {}],
      disable: null,
      dryRun: null,
    }
    expect(coerceInput(given, findType('SetUserMfaStatusInput'), false).faults).toMatchInlineSnapshot(`
      [
        {
          "path": [
            "dryRun",
          ],
          "rule": "expected a value of type "Boolean!".",
        },
        {
          "path": [
            "factors",
            1,
            "enabled",
          ],
          "rule": "expected a value of type "Boolean!".",
        },
        {
          "path": [
            "factors",
            1,
            "sort",
          ],
          "rule": "expected a value of type "Int".",
        },
        {
          "path": [
            "factors",
            1,
            "type",
          ],
          "rule": "expected a value of type "MfaFactorType!".",
        },
        {
          "path": [
            "factors",
            2,
          ],
          "rule": "the field "type" of type "MfaFactorType!" is required.",
        },
        {
          "path": [
            "userId",
          ],
          "rule": "expected a value of type "String!".",
        },
        {
          "path": [
            "userIdType",
          ],
          "rule": "expected a value of type "UserIdType!".",
        },
        {
          "path": [],
          "rule": "it has a field that "SetUserMfaStatusInput" does not define.",
        },
      ]
    `)
  })

  it.each([
    [
      'the values of an enum',
      'UserRefInput',
      { userId: 'u', userIdType: 'EMIAL' },
      'expected a value of type "UserIdType!": one of CUSTOM_FIELD, EMAIL, EXTERNAL_ID, IDENTITY, PHONE, SYNC_RELATION, USERNAME, USER_ID.',
      'expected a value of type "UserIdType!".',
    ],
    [
      'the values of an enum where there is none',
      'MfaFactorInput',
      { type: null },
      'expected a value of type "MfaFactorType!": one of EMAIL, FACE, OTP, SMS.',
      'expected a value of type "MfaFactorType!".',
    ],
    [
      'the fields of an input',
      'UserRefInput',
      { userId: 'u', nope: 1 },
      'it has a field that "UserRefInput" does not define: its fields are expectedRevision, userId, userIdType.',
      'it has a field that "UserRefInput" does not define.',
    ],
  ])('is told with %s where the schema is published, and without where it is not', (...row) => {
    const [, type, value, published, unpublished] = row
    const rulesOf = (isPublished: boolean) =>
      coerceInput(value, findType(type), isPublished).faults.map(({ rule }) => rule)
    expect(rulesOf(true)).toEqual([published])
    expect(rulesOf(false)).toEqual([unpublished])
  })

  const nested = (type: string, value: unknown) => [value, findType(type)] as const
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, 1]))
  it.each<[string, (size: number) => readonly [unknown, GraphQLInputType]]>([
    ['unknown fields of one input', size => nested('SetUserMfaStatusInput', { userId: 'u', ...keys(size) })],
    ['an object for a string', size => nested('UserRefInput', { userId: keys(size) })],
    [
      'unknown fields of many inputs',
      size => nested('SetUsersMfaStatusInput', { users: Array(size).fill({ userId: 'u', nope: 1 }) }),
    ],
    ['values of a wrong type', size => nested('SetUserMfaStatusInput', { enable: Array(size).fill(1) })],
  ])('takes no more steps for sixteen thousand %s than for a thousand', async (_what, toCase) => {
    const countFor = async (size: number) => {
      const [value, type] = toCase(size)
      const steps = await countSteps('execution/coerce-input', () => coerceInput(value, type, true))
      return { steps, faults: coerceInput(value, type, true).faults.length }
    }
    const [few, many] = [await countFor(1_000), await countFor(16_000)]
    // What is compiled for the first time in between is counted a few times more, whatever the size.
    expect(many.steps).toBeLessThanOrEqual(few.steps + 100)
    expect(many.faults).toBeLessThanOrEqual(20)
  })

  it('is looked for once in each of many good values', async () => {
    const [value, type] = nested('SetUserMfaStatusInput', { userId: 'u', enable: Array(16_000).fill('OTP') })
    const steps = await countSteps('execution/coerce-input', () => coerceInput(value, type, true))
    expect(steps).toBeGreaterThan(16_000)
    expect(steps).toBeLessThan(16_000 * 12)
  })
})
