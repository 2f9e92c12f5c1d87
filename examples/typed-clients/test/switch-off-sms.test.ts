import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type DocumentNode, parse, print } from 'graphql'
import { createApolloClient } from '../src/apollo-client.ts'
import type { Desk } from '../src/desk.ts'
import { switchOffSmsWithApollo } from '../src/switch-off-sms-with-apollo.ts'
import { switchOffSmsWithUrql } from '../src/switch-off-sms-with-urql.ts'
import { createUrqlClient } from '../src/urql-client.ts'
import * as urqlDocuments from '../src/urql-documents.ts'
import { type RunningServer, startServer } from './start-server.ts'

const ROOT = new URL('../../../../', import.meta.url)
const GENERATED_MANIFEST = fileURLToPath(new URL('../../generated/persisted-documents.json', import.meta.url))

interface Way {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  readonly run: (server: RunningServer, email: string, desk: Desk) => Promise<string>
}

const urql: Way['run'] = ({ url, token }, email, desk) =>
  switchOffSmsWithUrql(createUrqlClient(url, token), email, desk)
const apollo =
  (trusted: boolean): Way['run'] =>
  ({ url, token }, email, desk) =>
    switchOffSmsWithApollo(createApolloClient(url, token, trusted), email, desk)

const WAYS: readonly Way[] = [
  { name: 'gql.tada and urql', settings: {}, run: urql },
  {
    name: 'gql.tada and urql, trusted documents only',
    settings: { TRUSTED_DOCUMENTS: 'only' },
    run: urql,
  },
  { name: 'client preset and Apollo Client', settings: {}, run: apollo(false) },
  {
    name: 'client preset and Apollo Client, trusted documents only, by hash',
    settings: { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE: GENERATED_MANIFEST },
    run: apollo(true),
  },
]

/**
 * Creates an operator who agrees every time, and the texts on the screen. `disturb` runs before the first agreement.
 */
function createDesk(disturb: () => Promise<void> = async () => {}): { desk: Desk; shown: string[] } {
  const shown: string[] = []
  let asked = 0
  const desk: Desk = {
    show: line => shown.push(line),
    async confirm() {
      if (asked++ === 0) await disturb()
      return true
    },
  }
  return { desk, shown }
}

/** Somebody else switches face recognition on, with a listed document as it stands in the list. */
async function changeAda({ url, token }: RunningServer, manifest: string | undefined): Promise<void> {
  const file = new URL('operations/switch-factors.graphql', ROOT)
  const listed: Record<string, string> =
    manifest === undefined ? {} : JSON.parse(readFileSync(manifest, 'utf8'))
  const own = Object.values(listed).find(document => document.startsWith('mutation SwitchFactors('))
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: own ?? readFileSync(file, 'utf8'),
      variables: { userId: 'ada', userIdType: 'USERNAME', enable: ['FACE'] },
    }),
  })
  const { data } = await response.json()
  assert.equal(data.setUserMfaStatus.applied, true)
}

for (const { name, settings, run } of WAYS) {
  it(`${name}: finds, previews, sets, and sets again after a conflict`, async () => {
    await using server = await startServer(settings)
    const { desk, shown } = createDesk(() => changeAda(server, settings['TRUSTED_DOCUMENTS_FILE']))
    assert.equal(await run(server, 'ada@example.com', desk), 'done: SMS off, OTP on, EMAIL off, FACE on')
    assert.deepEqual(shown, [
      'PROTECTED: SMS on, OTP on, EMAIL off',
      'would be SMS off, OTP on, EMAIL off',
      'changed by somebody else: SMS on, OTP on, EMAIL off, FACE on',
    ])
    const again = await run(server, 'ada@example.com', createDesk().desk)
    assert.equal(again, 'nothing to do: SMS off, OTP on, EMAIL off, FACE on')
    assert.match(await run(server, 'nobody@example.com', createDesk().desk), /^USER_NOT_FOUND: /)
    assert.match(await run(server, ' ', createDesk().desk), /^INVALID_INPUT: /)
    const last = createDesk()
    assert.match(await run(server, 'katherine@example.com', last.desk), /^POLICY_VIOLATION: /)
  })
}

it('the documents of gql.tada are those of operations/', () => {
  const files = {
    FindUser: 'find-user',
    PreviewChange: 'preview-change',
    SwitchFactors: 'switch-factors',
  }
  const documents: Readonly<Record<string, DocumentNode>> = urqlDocuments
  assert.deepEqual(Object.keys(documents).sort(), Object.keys(files).sort())
  for (const [name, file] of Object.entries(files)) {
    const text = readFileSync(new URL(`operations/${file}.graphql`, ROOT), 'utf8')
    assert.equal(print(documents[name] ?? parse('{ missing }')), print(parse(text)))
  }
})
