import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import type { ScanStore } from '../src/coverage/scan-store.ts'
import { readOperations } from '../src/http/page/read-operations.ts'
import { createSchema } from '../src/schema/index.ts'
import { startApp } from './support/app.ts'
import { startCoverageApp } from './support/coverage-app.ts'
import { openStream } from './support/event-stream.ts'
import { begin, NOT_BOUND, toPage, toRow, WHOLE } from './support/scans.ts'

const FILES = readOperations()
const schema = createSchema()

/** What each document answers on the sandbox with the variables beside it. */
const EXPECTED: Readonly<Record<string, object>> = {
  'find-user.graphql': { userMfa: { __typename: 'UserMfa', posture: 'PROTECTED' } },
  'find-users.graphql': {
    usersMfa: {
      results: [
        { payload: { __typename: 'UserMfa' } },
        { payload: { __typename: 'UserMfa' } },
        { payload: { __typename: 'MfaUserNotFoundError', code: 'USER_NOT_FOUND' } },
      ],
    },
  },
  'search-users.graphql': {
    findMfaUsers: {
      __typename: 'FindMfaUsersSuccess',
      people: [{ displayName: 'Ada Lovelace' }],
      more: false,
    },
  },
  'forecast-sign-in.graphql': {
    userMfa: {
      __typename: 'UserMfa',
      forecast: { verdict: 'MUST_ENROLL', application: { name: 'Example web' } },
    },
  },
  'list-applications.graphql': {
    mfaApplications: { totalCount: 2, edges: [{ node: { hasOwnRules: true } }, {}] },
  },
  'show-history.graphql': {
    userMfa: {
      __typename: 'UserMfa',
      history: { edges: [{ node: { kind: 'VERIFIED', source: 'GENAUTH' } }, {}, {}] },
    },
  },
  'list-scans.graphql': { mfaCoverageScans: { scans: [{ status: 'SUCCEEDED', isWhole: true }] } },
  'show-coverage.graphql': {
    mfaCoverage: {
      summary: { users: 2, withoutBoundFactor: 1 },
      rows: { totalCount: 1, edges: [{ node: { person: { username: 'ada' } } }] },
    },
  },
  'cancel-scan.graphql': { cancelMfaCoverageScan: { code: 'NOT_FOUND' } },
  'start-scan.graphql': { startMfaCoverageScan: { started: true, scan: { depth: 'BINDINGS' } } },
  'show-rights.graphql': { mfaViewer: { mayRead: true, mayWrite: true, limits: [] } },
  'show-pool-policy.graphql': { mfaPoolPolicy: { enabledFactors: ['SMS', 'EMAIL', 'OTP'] } },
  'preview-pool-policy.graphql': {
    setMfaPoolPolicy: { __typename: 'SetMfaPoolPolicyPreview', enabledFactors: ['EMAIL', 'OTP', 'FACE'] },
  },
  'set-pool-policy.graphql': {
    setMfaPoolPolicy: { applied: true, policy: { enabledFactors: ['EMAIL', 'OTP', 'FACE'] } },
  },
  'switch-application-factors.graphql': {
    switchMfaApplicationFactors: { application: { name: 'Example web' }, enabledFactors: ['EMAIL', 'OTP'] },
  },
  'change-email.graphql': { setUserMfaStatus: { __typename: 'SetUserMfaStatusSuccess', applied: true } },
  'preview-change.graphql': {
    setUserMfaStatus: { __typename: 'SetUserMfaStatusPreview', warnings: [{ code: 'LAST_FACTOR_REMOVED' }] },
  },
  'remove-all-factors.graphql': { setUserMfaStatus: { applied: true, userMfa: { factors: [] } } },
  'set-factors.graphql': {
    setUserMfaStatus: { applied: true, userMfa: { factors: [{ code: 'OTP' }, { code: 'SMS' }] } },
  },
  'switch-factors-of-users.graphql': {
    setUsersMfaStatus: { succeeded: 2, failed: 1, results: [{}, {}, { payload: { firstIndex: 0 } }] },
  },
  'undo-change.graphql': {
    revertMfaChange: { __typename: 'MfaChangeNotFoundError', code: 'CHANGE_NOT_FOUND' },
  },
  'switch-factors.graphql': { setUserMfaStatus: { __typename: 'SetUserMfaStatusSuccess', applied: true } },
  'watch-users.graphql': {
    userMfaChanged: { hint: 'SET_BY_THIS_SERVICE', user: { id: '65a000000000000000000001' } },
  },
}

/** What a subscription tells of. */
const CHANGE =
  'mutation { setUserMfaStatus(input: { userId: "65a000000000000000000001", enable: [FACE] }) { __typename } }'

/** A whole scan of one user without any bound factor, and of one with SMS. */
async function addScan(scans: ScanStore): Promise<void> {
  const claim = await begin(scans)
  const sms = toRow('65a000000000000000000002', { bindings: { ...NOT_BOUND, SMS: true } })
  await scans.storePage(claim, toPage([toRow('65a000000000000000000001'), sms]))
  await scans.end(claim, WHOLE)
}

/**
 * The error types of which a selection on a union does not ask `__typename`, `code` and `message`, as `Union.Type`. A
 * fragment on another union asks nothing of the types that only this one has.
 */
function findUnexplainedErrors(document: DocumentNode): string[] {
  const info = new TypeInfo(schema)
  const missing: string[] = []
  const Field = ({ selectionSet: set }: FieldNode) => {
    const union = getNamedType(info.getType())
    if (!isUnionType(union) || set === undefined) return
    for (const type of union.getTypes()) {
      if (!type.getInterfaces().some(({ name }) => name === 'MfaError')) continue
      const names = namesAskedOf(type, set, document)
      if (!['__typename', 'code', 'message'].every(name => names.includes(name))) {
        missing.push(`${union.name}.${type.name}`)
      }
    }
  }
  visit(document, visitWithTypeInfo(info, { Field }))
  return missing
}

/** Returns the selections on a user's state that lack the shared fragment, and so leave an old part in a cache. */
function findPartialStates(document: DocumentNode): readonly SelectionSetNode[] {
  const info = new TypeInfo(schema)
  const partial: SelectionSetNode[] = []
  const SelectionSet = (set: SelectionSetNode) => {
    const isShared = set.selections.some(
      one =>
        (one.kind === Kind.FRAGMENT_SPREAD && one.name.value === 'UserMfaFields') ||
        (one.kind === Kind.FIELD && one.name.value === 'id'),
    )
    if (getNamedType(info.getParentType())?.name === 'UserMfa' && !isShared) partial.push(set)
  }
  visit(document, visitWithTypeInfo(info, { SelectionSet }))
  return partial
}

function namesAskedOf(type: GraphQLObjectType, set: SelectionSetNode, document: DocumentNode): string[] {
  return set.selections.flatMap(selection => {
    if (selection.kind === Kind.FIELD) return [selection.name.value]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : findFragment(document, selection.name.value)
    const condition = schema.getType(fragment?.typeCondition?.name.value ?? type.name)
    const applies = condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
    return fragment !== undefined && applies ? namesAskedOf(type, fragment.selectionSet, document) : []
  })
}

function findFragment(document: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return document.definitions
    .filter(definition => definition.kind === Kind.FRAGMENT_DEFINITION)
    .find(fragment => fragment.name.value === name)
}

describe.each(FILES)('operations/$file', ({ file, document, variables }) => {
  it('says on top what it is for, and has one operation that is named after its file', () => {
    expect(document).toMatch(/^# [A-Z].{20,120}[.?]\n(query|mutation|subscription) /)
    const [operation, ...others] = parse(document).definitions
    expect(others.map(({ kind }) => kind)).toEqual(others.map(() => Kind.FRAGMENT_DEFINITION))
    const name = operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined
    expect(`${name?.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase()}.graphql`).toBe(file)
  })

  it('is valid, and asks every union for the kind and the message of each of its errors', () => {
    expect(validate(schema, parse(document))).toEqual([])
    expect(findUnexplainedErrors(parse(document))).toEqual([])
  })

  it("selects the same of each user's state, so that no cache keeps an old part of it", () => {
    expect(findPartialStates(parse(document))).toEqual([])
  })

  it('answers on the sandbox what it is for', async () => {
    await using app = /scan|coverage|undo/.test(file) ? await startCoverageApp({}, addScan) : await startApp()
    if (/^subscription/m.test(document)) {
      const stream = await openStream(app, document, { variables: JSON.parse(variables) })
      await app.graphql(CHANGE)
      const { data = null, errors } = await stream.next()
      if (file === 'watch-scan.graphql') expect(errors[0].extensions.code).toBe('NOT_FOUND')
      else expect(data).toMatchObject(EXPECTED[file] ?? { file: 'has an expectation' })
      return
    }
    const { data, errors } = await app.graphql(document, JSON.parse(variables))
    expect(errors).toEqual([])
    expect(data).toMatchObject(EXPECTED[file] ?? { file: 'has an expectation' })
  })
})

describe('operations/preview-change.graphql', () => {
  const [preview, next] = ['preview-change.graphql', 'switch-factors.graphql'].map(name =>
    FILES.find(({ file }) => file === name),
  )

  it('hands its variables, its user and its revision to the next document', async () => {
    await using app = await startApp()
    const variables = { ...JSON.parse(preview?.variables ?? ''), userId: 'ada', userIdType: 'USERNAME' }
    const shown = await app.graphql(preview?.document ?? '', variables)
    const { userId, expectedRevision, changes } = shown.data.setUserMfaStatus
    const handedOver = { ...variables, userId, userIdType: 'USER_ID', expectedRevision }
    const made = await app.graphql(next?.document ?? '', handedOver)
    expect(made.data.setUserMfaStatus).toMatchObject({ applied: true, changes, userMfa: { id: userId } })
    const { data } = await app.graphql(next?.document ?? '', handedOver)
    expect(data.setUserMfaStatus).toMatchObject({
      code: 'REVISION_CONFLICT',
      current: made.data.setUserMfaStatus.userMfa,
    })
  })
})

describe('the search for missing arms', () => {
  it('finds one that lacks the message', () => {
    const set = 'query { usersMfa(users: []) { __typename ... on MfaError { code } } }'
    expect(findUnexplainedErrors(parse(set))).toEqual(['UsersMfaPayload.MfaInvalidInputError'])
  })

  it('finds the errors of lists behind a fragment for one user', () => {
    const set = `
      mutation ($input: SetUsersMfaStatusInput!) {
        setUsersMfaStatus(input: $input) {
          __typename
          ... on SetUsersMfaStatusSuccess { results { payload { ...F } } }
          ... on MfaError { code message }
        }
      }
      fragment F on SetUserMfaStatusPayload { __typename ... on MfaError { code message } }`
    const ofLists = ['MfaDuplicateUserError', 'MfaNotAttemptedError']
    expect(findUnexplainedErrors(parse(set)).toSorted()).toEqual(
      ofLists.map(type => `SetUsersMfaStatusResultPayload.${type}`),
    )
  })
})

describe('reading them', () => {
  const parent = mkdtempSync(join(tmpdir(), 'operations-'))
  afterAll(() => rmSync(parent, { recursive: true }))

  it.each<[what: string, files: Readonly<Record<string, string>> | null, fault: RegExp]>([
    ['no folder', null, /cannot be read: install the package again\.$/],
    ['an empty folder', {}, /holds no document/],
    ['a document without variables', { 'a.graphql': '{ a }' }, /its a\.variables\.json cannot be read/],
    [
      'a fragment that is not there',
      { 'a.graphql': '{ ...F }', 'a.variables.json': '{}' },
      /its a\.graphql uses a fragment that is missing/,
    ],
    ['a broken document', { 'a.graphql': '{', 'a.variables.json': '{}' }, /its a\.graphql is no GraphQL/],
  ])('says of %s what is missing', (_what, files, fault) => {
    const folder = files === null ? join(parent, 'nowhere') : mkdtempSync(join(parent, 'some-'))
    if (files !== null) {
      mkdirSync(join(folder, 'fragments'))
      writeFileSync(join(folder, 'fragments/f.graphql'), 'fragment F on Query { ...G }')
    }
    for (const [name, text] of Object.entries(files ?? {})) writeFileSync(join(folder, name), text)
    expect(() => readOperations(pathToFileURL(`${folder}/`))).toThrow(fault)
  })
})
