import assert from 'node:assert/strict'
import { it } from 'node:test'
import { undoChangeWithUrql } from '../src/undo-change-with-urql.ts'
import { createUrqlClient } from '../src/urql-client.ts'
import { SwitchFactors } from '../src/urql-documents.ts'
import { type RunningServer, startServer } from './start-server.ts'

const ADA = '65a000000000000000000001'
const HISTORY = `{ userMfa(userId: "${ADA}") { ... on UserMfa { history(first: 1) { edges { node { id revertible } } } } } }`

interface History {
  readonly data: {
    readonly userMfa: { readonly history: { readonly edges: readonly { readonly node: Entry }[] } }
  }
}

interface Entry {
  readonly id: string
  readonly revertible: boolean
}

/** The newest entry in Ada's history. */
async function findNewest({ url, token }: RunningServer): Promise<Entry> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: HISTORY }),
  })
  const { data }: History = await response.json()
  const [newest] = data.userMfa.history.edges
  assert.ok(newest !== undefined)
  return newest.node
}

it('gql.tada and urql: previews an undo, makes it, and is told of a second one', async () => {
  await using server = await startServer()
  const client = createUrqlClient(server.url, server.token)
  const switched = await client.mutation(SwitchFactors, { userId: ADA, disable: ['SMS'] }).toPromise()
  assert.equal(switched.data?.setUserMfaStatus.__typename, 'SetUserMfaStatusSuccess')
  const { id, revertible } = await findNewest(server)
  assert.equal(revertible, true)

  const shown: string[] = []
  const desk = { show: (line: string) => void shown.push(line), confirm: async () => true }
  assert.equal(await undoChangeWithUrql(client, id, desk), 'undone: SMS on, OTP on, EMAIL off')
  assert.deepEqual(shown, ['would be SMS on, OTP on, EMAIL off'])
  assert.equal(await undoChangeWithUrql(client, id, desk), 'changed since: SMS on, OTP on, EMAIL off')
  assert.match(await undoChangeWithUrql(client, 'x', desk), /^CHANGE_NOT_FOUND: /)
})
