import { ENTITIES, OWN_USER_MFA, SET_REQUEST_ID } from './documents.js'
import { OPERATOR_ID, STEP_UP } from './issuer.js'
import { startMfa } from './mfa-subgraph.js'
import { createScenarios } from './scenarios.js'
import { createUsers, startUsers } from './users-subgraph.js'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const HEADERS = { 'x-request-id': 'request-1', traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` }
/** Headers that a gateway might add, and that must open nothing. */
const FORGED = { 'x-user-id': 'admin', 'x-scopes': 'mfa:write', 'apollo-federation-include-trace': 'ftv1' }

/**
 * Starts both subgraphs and one gateway, sends everything, and stops them.
 *
 * @param startGateway takes the subgraphs, and returns a URL and a close function
 * @param idType the kind of ID that the supergraph's `User.id` is
 */
export async function play(startGateway, idType) {
  const users = await startUsers(idType)
  const mfa = await startMfa({ ...STEP_UP, FEDERATION_USER_ID_TYPE: idType })
  const gateway = await startGateway([
    { name: 'users', ...users },
    { name: 'mfa', ...mfa },
  ])
  const tokenOf = name => (name === null ? null : mfa.tokens[name])
  const askMfa = (token, query, variables) => ask(mfa.url, tokenOf(token), query, variables, FORGED)

  try {
    const forwarded = await seeForwarded(gateway, users, mfa)
    const repeats = await countRepeats(gateway, users, mfa)
    const past = await askPast(askMfa, mfa.tap, createUsers(idType)[0].id)
    const answers = new Map()
    let isStopped = false
    for (const { name, token = 'admin', query, variables, prepare, inDoubt, stop = false } of createScenarios(
      createUsers(idType),
    )) {
      if (stop && !isStopped) await mfa.stopSandbox()
      isStopped = stop
      prepare?.(mfa.tap)
      const { data, errors, headers } = await ask(gateway.url, tokenOf(token), query, variables)
      answers.set(name, { data, errors, headers, calls: mfa.tap.takeCalls() })
      if (inDoubt !== undefined) mfa.tap.setAside(inDoubt)
    }
    return { answers, forwarded, repeats, past }
  } finally {
    await gateway.close()
    await users.close()
    await mfa.close()
  }
}

/** Returns the headers of a client that arrive at both subgraphs through the gateway. */
async function seeForwarded(gateway, users, mfa) {
  const { admin } = mfa.tokens
  await ask(gateway.url, admin, '{ rateLimit { limit } }')
  const input = { userId: '65a000000000000000000003', enable: ['EMAIL'] }
  const { data } = await ask(gateway.url, admin, SET_REQUEST_ID, { input })
  const { authorization, traceparent, 'x-request-id': requestId } = users.seen.at(-1)
  const record = mfa.journal.at(-1)
  mfa.tap.takeCalls()
  return {
    users: { isCaller: authorization === `Bearer ${admin}`, requestId, traceId: traceparent?.split('-')[1] },
    mfa: {
      isCaller: record.caller.subject === OPERATOR_ID,
      requestId: record.requestId,
      traceId: record.traceId,
    },
    answered: data.setUserMfaStatus.requestId,
  }
}

/** Counts the requests to a subgraph that responds 503 once. A gateway that repeats makes 2. */
async function countRepeats(gateway, users, mfa) {
  const before = users.seen.length
  users.failNext()
  await ask(gateway.url, mfa.tokens.admin, '{ rateLimit { limit } }')
  return users.seen.length - before
}

/**
 * Returns the result of a caller that reaches the subgraph past the gateway, with headers that a gateway might have
 * set.
 */
async function askPast(askMfa, tap, id) {
  const codes = {}
  for (const token of ['none', 'reader', null]) {
    const answers = [
      await askMfa(token, ENTITIES, { representations: [{ __typename: 'User', id }] }),
      await askMfa(token, OWN_USER_MFA, { userId: 'ada', userIdType: 'USERNAME' }),
      await askMfa(token, SET_REQUEST_ID, {
        input: { userId: 'ada', userIdType: 'USERNAME', enable: ['FACE'] },
      }),
    ]
    codes[token] = answers.map(({ errors }) => errors[0]?.extensions.code ?? null)
  }
  return { codes, calls: tap.takeCalls() }
}

/** Sends one document, as a front end would. */
export async function ask(url, token, query, variables, headers = {}) {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...HEADERS, ...authorization, ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const { data = null, errors = [] } = await response.json()
  return { data, errors, headers: response.headers }
}
