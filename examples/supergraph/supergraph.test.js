import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { PAGE } from './documents.js'
import { GATEWAYS } from './gateways.js'
import { startMfa } from './mfa-subgraph.js'
import { ask, play } from './play.js'
import { createScenarios } from './scenarios.js'
import { createUsers, startUsers } from './users-subgraph.js'

const NAMES = Object.keys(GATEWAYS)
const [APOLLO, HIVE, HIVE_RUST] = NAMES
const ADA = { USER_ID: '65a000000000000000000001', EXTERNAL_ID: 'emp-0001' }

for (const idType of ['USER_ID', 'EXTERNAL_ID']) {
  describe(`a supergraph that knows users by ${idType}`, () => {
    /** The result of each gateway. */
    const plays = {}
    before(async () => {
      for (const name of NAMES) plays[name] = await play(GATEWAYS[name], idType)
    })
    const answersTo = scenario => NAMES.map(name => plays[name].answers.get(scenario))
    const answerTo = scenario => plays[APOLLO].answers.get(scenario)

    for (const { name } of createScenarios(createUsers(idType))) {
      it(`gives the same through every gateway for ${name}`, () => {
        const [first, ...others] = answersTo(name).map(toComparable)
        for (const other of others) assert.deepEqual(other, first)
      })
    }

    it('shows every member of the union of the mutation', () => {
      const members = createScenarios(createUsers(idType)).filter(({ name }) => /^(SetUser|Mfa)/.test(name))
      for (const { name } of members) {
        const { setUserMfaStatus, setUsersMfaStatus } = answerTo(name).data
        const types = setUserMfaStatus
          ? [setUserMfaStatus.__typename]
          : setUsersMfaStatus.results.map(({ payload }) => payload.__typename).slice(1)
        assert.deepEqual(types, name.replace(/,.*/, '').split(' and '))
      }
      assert.equal(
        typeof answerTo('MfaRevisionConflictError').data.setUserMfaStatus.current.revision,
        'string',
      )
    })

    it('knows users by that kind of id, in and out, and joins both ways', () => {
      const [ada] = answerTo('a list of users').data.usersById
      const user = { id: ADA[idType], name: 'Ada' }
      assert.deepEqual({ id: ada.id, name: ada.name }, user)
      assert.deepEqual(ada.mfa.user, user)
      assert.deepEqual(answerTo('a user by e-mail').data.userMfa.user, user)
      assert.deepEqual(answerTo('MfaRevisionConflictError').data.setUserMfaStatus.current.user, user)
      const grace = idType === 'USER_ID' ? { id: '65a000000000000000000002', name: 'Grace' } : null
      assert.deepEqual(answerTo('a user by user name').data.userMfa.user, grace)
      assert.deepEqual(answerTo('SetUserMfaStatusSuccess').data.setUserMfaStatus.userMfa.user, grace)
    })

    it('has null for whom GenAuth does not know, and everything for the others', () => {
      const { usersById } = answerTo('a list that names one twice, and one whom GenAuth does not know').data
      assert.deepEqual(
        usersById.map(({ mfa }) => mfa !== null),
        [true, false, true, true],
      )
      assert.deepEqual(usersById[3], usersById[0])
    })

    it('reads each user of a page once', () => {
      const count = idType === 'USER_ID' ? 50 : 16
      const factors = Array(count).fill('get-mfa-status')
      assert.deepEqual(answerTo('a page of fifty').calls, factors)
      const { data, calls } = answerTo('a page of fifty, with what is bound')
      const withFactors = data.users.nodes.filter(({ mfa }) => mfa?.factors.length > 0).length
      assert.deepEqual(calls, [...factors, ...Array(withFactors).fill('get-user-mfa-info')])
    })

    it('writes once where the write is in doubt, though the gateway repeats what it may', () => {
      assert.deepEqual(
        NAMES.map(name => plays[name].repeats),
        [1, 2, 2],
      )
      const lost = 'a write in doubt: the connection is lost'
      const expected = {
        [`${lost} after it`]: { applied: true, verified: true },
        'a write in doubt: a proxy answers 504 and Retry-After': { applied: true, verified: true },
        [`${lost} before it`]: { outcome: 'UNKNOWN' },
        'a write in doubt that nobody can look after': { outcome: 'UNKNOWN' },
      }
      for (const [name, part] of Object.entries(expected)) {
        for (const { data, calls } of answersTo(name)) {
          for (const [key, value] of Object.entries(part)) assert.equal(data.setUserMfaStatus[key], value)
          assert.equal(calls.filter(call => call === 'set-mfa-status').length, 1)
        }
      }
    })

    it('tells callers their rights, and asks GenAuth nothing for it', () => {
      const rights = answersTo('the rights of a caller')
      for (const { data, headers, calls } of rights) {
        assert.deepEqual([data.mfaViewer.mayWrite, calls], [true, []])
        // A gateway passes no header of a subgraph on unless it is told to.
        assert.equal(headers.get('ratelimit'), null)
        assert.deepEqual(
          data.mfaViewer.limits.map(({ kind }) => kind),
          ['READS', 'WRITES', 'WEAKENINGS', 'MISSES', 'POLICY'],
        )
      }
      for (const { data, calls } of answersTo('the rights of a caller without a scope')) {
        assert.deepEqual([data.mfaViewer.scopes, data.mfaViewer.mayRead, calls], [[], false, []])
      }
    })

    it('asks GenAuth nothing for who may not', () => {
      for (const name of [
        'a reader who sets',
        'a caller without a scope who lists',
        'a caller without a scope who sets',
      ]) {
        for (const { errors, calls } of answersTo(name)) {
          assert.deepEqual([codesOf(errors), calls], [['FORBIDDEN'], []])
        }
      }
      for (const { errors, calls } of [...answersTo('nobody who lists'), ...answersTo('nobody who sets')]) {
        assert.deepEqual([codesOf(errors), calls], [['UNAUTHENTICATED'], []])
      }
    })

    it('gives no more to who goes past the gateway, whatever headers are forged', () => {
      for (const name of NAMES) {
        assert.deepEqual(plays[name].past, {
          codes: {
            none: ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
            reader: [null, null, 'FORBIDDEN'],
            null: ['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
          },
          calls: ['get-mfa-status', 'get-mfa-status'],
        })
      }
    })

    it('tells both subgraphs who asks, and by which request and trace', () => {
      const seen = { isCaller: true, requestId: 'request-1', traceId: '0af7651916cd43dd8448eb211c80319c' }
      for (const name of NAMES) {
        assert.deepEqual(plays[name].forwarded, { users: seen, mfa: seen, answered: 'request-1' })
      }
    })

    it('has one difference between gateways: where an error of a whole fetch is said to be', () => {
      const pathsOf = scenario =>
        NAMES.map(name => plays[name].answers.get(scenario).errors.map(({ path }) => path?.join('.')))
      assert.deepEqual(pathsOf('a caller without a scope who lists'), [
        ['usersById.@._entities'],
        ['usersById.mfa', 'usersById.mfa'],
        ['usersById'],
      ])
      assert.deepEqual(pathsOf('a list of whom one cannot be read'), [
        ['users.nodes.0.mfa'],
        ['users.nodes.mfa'],
        ['users.nodes.0.mfa'],
      ])
      assert.deepEqual(pathsOf('nobody who sets'), [[undefined], ['setUserMfaStatus'], ['setUserMfaStatus']])
      const messages = [APOLLO, HIVE, HIVE_RUST].map(
        name => plays[name].answers.get('nobody who sets').errors[0].message,
      )
      assert.deepEqual(messages, ['401: Unauthorized', 'Send a bearer token.', 'Send a bearer token.'])
    })
  })
}

describe('with FEDERATION_AUTH_DIRECTIVES=on', () => {
  it('Apollo Gateway does not start, and Hive Gateway answers as before', async () => {
    const users = await startUsers('USER_ID')
    const mfa = await startMfa({ FEDERATION_AUTH_DIRECTIVES: 'on' })
    const subgraphs = [
      { name: 'users', ...users },
      { name: 'mfa', ...mfa },
    ]
    try {
      await assert.rejects(GATEWAYS[APOLLO](subgraphs), /requiresScopes.*is for: SECURITY but is unsupported/)
      for (const name of [HIVE, HIVE_RUST]) {
        const gateway = await GATEWAYS[name](subgraphs)
        const list = { query: PAGE, variables: { first: 1 } }
        const allowed = await ask(gateway.url, mfa.tokens.reader, list.query, list.variables)
        assert.equal(allowed.data.users.nodes[0].mfa.factors.length, 3)
        const refused = await ask(gateway.url, mfa.tokens.none, list.query, list.variables)
        assert.deepEqual([refused.data.users.nodes[0].mfa, codesOf(refused.errors)], [null, ['FORBIDDEN']])
        await gateway.close()
      }
    } finally {
      await users.close()
      await mfa.close()
    }
  })
})

/** Leaves out paths and wording, and keeps the data, the kinds of errors and the calls to GenAuth. */
function toComparable({ data, errors, calls }) {
  return { data, codes: codesOf(errors), calls }
}

function codesOf(errors) {
  return [...new Set(errors.map(({ extensions }) => extensions?.code))].toSorted()
}
