import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { fetchExchange, Client as UrqlClient } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { buildSchema, isObjectType, parse, print, visit } from 'graphql'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { commitMutation, Environment, fetchQuery, RecordSource, Store } from 'relay-runtime'
import { CODE_BLOCKS, compilePage, importSnippet, SNIPPETS } from './compile-page.js'
import { openBrowser } from './open-browser.js'
import { ADA, EMAIL, toFactors, VARIABLES } from './play.js'
import { playApollo } from './play-apollo.js'
import { playRelay } from './play-relay.js'
import { playUrql } from './play-urql.js'
import { startServer } from './start-server.js'

const schema = buildSchema(readFileSync(new URL('../../schema.api.graphql', import.meta.url), 'utf8'))
const BEFORE = 'SMS on, OTP on, EMAIL off'
const AFTER = 'SMS off, OTP on, EMAIL off'
const SWITCH_SMS_OFF = { input: { ...VARIABLES, disable: ['SMS'] } }

let browser
/** The server of the tests that play no whole story, and Ada as its sandbox has her. */
let shared
let ada
before(async () => {
  compilePage()
  browser = openBrowser()
  shared = await startServer()
  ada = await shared.genauth.read(ADA)
})
after(async () => {
  await shared.close()
  browser.close()
})

async function withServer(run) {
  await shared.genauth.write(ADA, ada)
  await run(shared)
}

async function playAlone(play) {
  const server = await startServer()
  try {
    return await play(server, browser)
  } finally {
    await server.close()
  }
}

it('every block of code of the page is a snippet with a file name, and the tests run these', () => {
  assert.equal(SNIPPETS.size, CODE_BLOCKS.length)
  assert.deepEqual([...SNIPPETS.keys()].toSorted(), [
    'apollo/client.js',
    'apollo/desk.jsx',
    'apollo/watch-user.js',
    'brings-no-state.js',
    'documents.js',
    'relay/desk.jsx',
    'relay/environment.js',
    'screen.jsx',
    'urql/client.js',
    'urql/desk.jsx',
    'urql/keys.js',
    'urql/make-schema.js',
    'user-list.jsx',
  ])
})

const CLIENTS = { 'Apollo Client': playApollo, 'urql with Graphcache': playUrql, Relay: playRelay }

for (const [name, play] of Object.entries(CLIENTS)) {
  describe(`a screen with ${name}`, () => {
    const steps = new Map()
    const complaints = []
    before(async () => {
      const { error, warn } = console
      console.error = (...texts) => complaints.push(texts)
      console.warn = (...texts) => complaints.push(texts)
      const played = await playAlone(play)
      for (const step of played) steps.set(step.step, step)
      Object.assign(console, { error, warn })
    })

    for (const step of [
      'read',
      'preview',
      'change',
      'conflict',
      'focus',
      'changed by somebody else, focus',
    ]) {
      it(`shows GenAuth's state, as its cache does, after this step: ${step}`, () => {
        const { state, cached, watched = cached, genauth } = steps.get(step)
        assert.deepEqual({ state, cached, watched }, { state: genauth, cached: genauth, watched: genauth })
      })
    }

    it('saw GenAuth go through these states', () => {
      const states = [...steps.values()].map(({ genauth }) => genauth)
      const doubted = 'OTP off, EMAIL off, SMS on'
      assert.deepEqual(states, [
        BEFORE,
        BEFORE,
        AFTER,
        'SMS off, OTP off, EMAIL off',
        doubted,
        doubted,
        'OTP on, EMAIL off, SMS on',
      ])
    })

    it('lets nobody start a change while it reads', () => {
      assert.equal(steps.get('read').letsChangeWhileReading, false)
    })

    it('shows a preview beside the state', () => {
      assert.equal(steps.get('preview').result, `would be: ${AFTER}`)
    })

    it('shows no state while nobody knows what became of a change', () => {
      const { state, cached } = steps.get('change in doubt')
      assert.doesNotMatch(state, /\b(?:on|off)\b/)
      assert.equal(cached, null)
    })

    it('keeps nothing on disk, and hears no complaint of the client', () => {
      assert.equal(browser.storedItems(), 0)
      assert.deepEqual(complaints, [])
    })
  })
}

describe('what the page says of identity', () => {
  const withoutIds = document =>
    visit(document, { Field: ({ name }) => (name.value === 'id' ? null : undefined) })

  it('Apollo Client shows an old state after a change if the documents leave out id', () =>
    withServer(async ({ url, token, genauth }) => {
      const { createClient } = await importSnippet('apollo/client.js')
      const { CHANGE_USER, FIND_USER } = await importSnippet('documents.js')
      for (const [prepare, cached] of [
        [document => document, AFTER],
        [withoutIds, BEFORE],
      ]) {
        await genauth.switchFactor(ADA, 'SMS', true)
        const client = createClient(url, token)
        const query = { query: prepare(FIND_USER), variables: VARIABLES }
        await client.query(query)
        const { data } = await client.mutate({ mutation: prepare(CHANGE_USER), variables: SWITCH_SMS_OFF })
        assert.equal(data.setUserMfaStatus.applied, true)
        assert.equal(await genauth.readFactors(ADA), AFTER)
        assert.equal(toFactors(client.cache.readQuery(query).userMfa), cached)
      }
    }))

  it('Graphcache shows an old state after a change if the documents leave out id', () =>
    withServer(async ({ url, token, genauth }) => {
      const { CHANGE_USER, FIND_USER } = await importSnippet('documents.js')
      const { keys } = await importSnippet('urql/keys.js')
      for (const [prepare, more, cached] of [
        [document => document, {}, AFTER],
        [withoutIds, { UserMfa: () => null }, BEFORE],
      ]) {
        await genauth.switchFactor(ADA, 'SMS', true)
        const client = createUrqlClient(url, token, { ...keys, ...more })
        await client.query(prepare(FIND_USER), VARIABLES)
        const { data } = await client.mutation(prepare(CHANGE_USER), SWITCH_SMS_OFF)
        assert.equal(data.setUserMfaStatus.applied, true)
        assert.equal(await genauth.readFactors(ADA), AFTER)
        const shown = client.readQuery(prepare(FIND_USER), VARIABLES, { requestPolicy: 'cache-only' })
        assert.equal(toFactors(shown.data.userMfa), cached)
      }
    }))

  it('Relay keeps a user of a supergraph apart from the state by getDataID, and not without it', () =>
    withServer(async ({ url, token }) => {
      const { createEnvironment } = await importSnippet('relay/environment.js')
      const { BOTH_IDS } = await importSnippet('relay/more.js')
      const good = createEnvironment(url, token)
      const bad = new Environment({ network: good.getNetwork(), store: new Store(new RecordSource()) })
      const { error } = console
      const complaints = []
      console.error = text => complaints.push(text)
      const recordsOf = async environment => {
        await fetchQuery(environment, BOTH_IDS, { userId: ADA }).toPromise()
        const records = environment.getStore().getSource().toJSON()
        return Object.keys(records).filter(id => id.includes(ADA) && !id.startsWith('client:'))
      }
      assert.deepEqual(await recordsOf(good), [`UserMfa:${ADA}`, `User:${ADA}`])
      assert.deepEqual(complaints, [])
      assert.deepEqual(await recordsOf(bad), [ADA])
      console.error = error
    }))

  it('there is no Node', () => {
    assert.equal(schema.getType('Node'), undefined)
    assert.equal(schema.getQueryType().getFields().node, undefined)
  })
})

async function commitInRelay(environment, variables) {
  const { default: mutation } = await importSnippet('relay/artifacts/deskChangeMutation.graphql.js')
  await new Promise((resolve, reject) => {
    commitMutation(environment, { mutation, variables, onCompleted: resolve, onError: reject })
  })
}

function createUrqlClient(url, token, keys) {
  const minified = JSON.parse(
    readFileSync(new URL('generated/modules/urql/schema.json', import.meta.url), 'utf8'),
  )
  return new UrqlClient({
    url,
    exchanges: [cacheExchange({ schema: minified, keys }), fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  })
}

it('the keys of Graphcache name every type without id, and no other', async () => {
  const { keys } = await importSnippet('urql/keys.js')
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const withoutId = Object.values(schema.getTypeMap()).filter(
    type =>
      isObjectType(type) &&
      !type.name.startsWith('__') &&
      !roots.includes(type) &&
      !Object.hasOwn(type.getFields(), 'id'),
  )
  assert.deepEqual(Object.keys(keys).toSorted(), withoutId.map(({ name }) => name).toSorted())
})

describe('what the page says of documents', () => {
  it('Graphcache and Relay show bound of another factor if a change that reorders did not return it', () =>
    withServer(async ({ url, token, genauth }) => {
      const { createClient } = await importSnippet('urql/client.js')
      const { CHANGE_USER, FIND_USER } = await importSnippet('documents.js')
      const withBound = document => parse(print(document).replaceAll('sort', 'sort bound'))
      const variables = {
        input: { ...VARIABLES, factors: [{ type: 'EMAIL' }, { type: 'SMS' }, { type: 'OTP' }] },
      }
      const first = userMfa => [userMfa.factors[0].code, userMfa.factors[0].bound]
      const readCache = client =>
        client.readQuery(withBound(FIND_USER), VARIABLES, { requestPolicy: 'cache-only' })

      const bad = createClient(url, token)
      await bad.query(withBound(FIND_USER), VARIABLES)
      assert.deepEqual(first(readCache(bad).data.userMfa), ['SMS', true])
      const good = createClient(url, token)
      await good.query(withBound(FIND_USER), VARIABLES)
      const { createEnvironment } = await importSnippet('relay/environment.js')
      const { WITH_BOUND } = await importSnippet('relay/more.js')
      const relay = createEnvironment(url, token)
      await fetchQuery(relay, WITH_BOUND, { userId: ADA }).toPromise()

      await bad.mutation(CHANGE_USER, variables)
      assert.match(await genauth.readFactors(ADA), /^EMAIL/)
      assert.deepEqual(first(readCache(bad).data.userMfa), ['EMAIL', true])
      await good.mutation(withBound(CHANGE_USER), variables)
      assert.deepEqual(first(readCache(good).data.userMfa), ['EMAIL', false])

      await commitInRelay(relay, variables)
      const record = relay.getStore().getSource().get(`client:UserMfa:${ADA}:factors:0`)
      assert.deepEqual([record.code, record.bound], ['EMAIL', true])
    }))

  it("Apollo Client loses an error's message without possibleTypes", () =>
    withServer(async ({ url, token }) => {
      const { createClient } = await importSnippet('apollo/client.js')
      const { FIND_USER } = await importSnippet('documents.js')
      const variables = { ...VARIABLES, userId: 'nobody@example.com' }
      const link = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })
      const bad = new ApolloClient({ link, cache: new InMemoryCache() })
      for (const [client, code] of [
        [createClient(url, token), 'USER_NOT_FOUND'],
        [bad, undefined],
      ]) {
        const { data } = await client.query({ query: FIND_USER, variables })
        assert.equal(data.userMfa.code, code)
      }
    }))

  it('the rows of a list have their keys by ref, and one state for one person', () =>
    withServer(async ({ url, token }) => {
      const { createClient } = await importSnippet('apollo/client.js')
      const { UserList } = await importSnippet('user-list.jsx')
      const client = createClient(url, token)
      const query = parse(`query FindUsers($users: [UserRefInput!]!) {
        usersMfa(users: $users) {
          ... on UsersMfaSuccess {
            results {
              ref { userId userIdType }
              payload { ... on UserMfa { id account { id displayName } } ... on MfaError { code message } }
            }
          }
        }
      }`)
      const users = [VARIABLES, { userId: ADA }, { userId: 'nobody', userIdType: 'USERNAME' }]
      const { data } = await client.query({ query, variables: { users } })
      const { results } = data.usersMfa
      const html = renderToStaticMarkup(createElement(UserList, { results }))
      const name = results[0].payload.account.displayName
      const rows = html.split('</li>').slice(0, -1)
      assert.equal(rows.length, users.length)
      assert.ok(rows.slice(0, 2).every(row => row.endsWith(name)))
      const states = Object.keys(client.cache.extract()).filter(key => /^(UserMfa|MfaUserRef):/.test(key))
      assert.deepEqual(states, [`UserMfa:${ADA}`])
    }))
})

describe('what must not be kept', () => {
  it('what is left of the limits is as it is now, each time, and stays in no cache', () =>
    withServer(async ({ url, token }) => {
      const { createClient } = await importSnippet('apollo/client.js')
      const urql = await importSnippet('urql/client.js')
      const { FIND_USER } = await importSnippet('documents.js')
      const query = parse('{ mfaViewer { limits { kind remaining } } }')
      const apolloClient = createClient(url, token)
      const urqlClient = urql.createClient(url, token)
      const readsLeft = ({ data }) => data.mfaViewer.limits.find(({ kind }) => kind === 'READS').remaining
      const askApollo = async () => readsLeft(await apolloClient.query({ query, fetchPolicy: 'no-cache' }))
      const askUrql = async () =>
        readsLeft(await urqlClient.query(query, {}, { requestPolicy: 'network-only' }))
      for (const ask of [askApollo, askUrql]) {
        const left = await ask()
        await apolloClient.query({ query: FIND_USER, variables: VARIABLES, fetchPolicy: 'network-only' })
        assert.notEqual(await ask(), left)
      }
      assert.doesNotMatch(JSON.stringify(apolloClient.cache.extract()), /MfaViewer/)
    }))

  it("Relay's store holds the variables of changes, in clear text", () =>
    withServer(async ({ url, token }) => {
      const { createEnvironment } = await importSnippet('relay/environment.js')
      const environment = createEnvironment(url, token)
      const input = {
        ...VARIABLES,
        triggerData: { mfaEmail: 'new@example.com' },
        enable: ['EMAIL'],
        dryRun: true,
      }
      await commitInRelay(environment, { input })
      assert.match(JSON.stringify(environment.getStore().getSource()), /new@example\.com/)
    }))

  it('the server forbids HTTP caches to keep any result', () =>
    withServer(async ({ url, token }) => {
      const query = '{ userMfa(userId: "65a000000000000000000001") { __typename } }'
      const authorization = `Bearer ${token}`
      const post = { method: 'POST', body: JSON.stringify({ query }) }
      for (const [target, init] of [
        [url, { ...post, headers: { authorization, 'content-type': 'application/json' } }],
        [`${url}?query=${encodeURIComponent(query)}`, { headers: { authorization } }],
        [url, { ...post, headers: { 'content-type': 'application/json' } }],
      ]) {
        const response = await fetch(target, init)
        assert.equal(response.headers.get('cache-control'), 'no-store')
        assert.equal(response.headers.get('etag'), null)
      }
    }))

  it('a cache holds the identifier that the operator typed; that of Apollo Client drops changes and previews', () =>
    withServer(async ({ url, token }) => {
      const { createClient } = await importSnippet('apollo/client.js')
      const { CHANGE_USER, FIND_USER } = await importSnippet('documents.js')
      const client = createClient(url, token)
      await client.query({ query: FIND_USER, variables: VARIABLES })
      const input = {
        ...VARIABLES,
        triggerData: { mfaEmail: 'new@example.com' },
        enable: ['EMAIL'],
        dryRun: true,
      }
      const { data } = await client.mutate({ mutation: CHANGE_USER, variables: { input } })
      assert.equal(data.setUserMfaStatus.__typename, 'SetUserMfaStatusPreview')
      const cache = JSON.stringify(client.cache.extract())
      assert.ok(cache.includes(EMAIL))
      assert.ok(!cache.includes('new@example.com'))
      assert.ok(!cache.includes('SetUserMfaStatusPreview'))
    }))
})
