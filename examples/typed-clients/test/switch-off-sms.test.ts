import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { type DocumentNode, Kind, parse, print } from 'graphql'
import type { Desk } from '../src/desk.ts'
import { switchOffSmsWithUrql } from '../src/switch-off-sms-with-urql.ts'
import { createUrqlClient } from '../src/urql-client.ts'
import * as urqlDocuments from '../src/urql-documents.ts'
import { type RunningServer, startServer } from './start-server.ts'

const ROOT = new URL('../../../../', import.meta.url)
const SETTINGS: readonly (readonly [name: string, settings: Readonly<Record<string, string>>])[] = [
  ['any document', {}],
  ['trusted documents only', { TRUSTED_DOCUMENTS: 'only' }],
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

/** Somebody else switches face recognition on. */
async function changeAda({ url, token }: RunningServer): Promise<void> {
  const client = createUrqlClient(url, token)
  const { data } = await client
    .mutation(urqlDocuments.SwitchFactors, { userId: 'ada', userIdType: 'USERNAME', enable: ['FACE'] })
    .toPromise()
  assert.equal(data?.setUserMfaStatus.__typename, 'SetUserMfaStatusSuccess')
}

for (const [name, settings] of SETTINGS) {
  it(`gql.tada and urql, ${name}: finds, previews, sets, and previews again after a conflict`, async () => {
    await using server = await startServer(settings)
    const run = (email: string, desk: Desk) =>
      switchOffSmsWithUrql(createUrqlClient(server.url, server.token), email, desk)
    const { desk, shown } = createDesk(() => changeAda(server))
    assert.equal(await run('ada@example.com', desk), 'done: SMS off, OTP on, EMAIL off, FACE on')
    assert.deepEqual(shown, [
      'Ada Lovelace, PROTECTED: SMS on, OTP on, EMAIL off',
      'would be SMS off, OTP on, EMAIL off',
      'changed by somebody else: SMS on, OTP on, EMAIL off, FACE on',
      'would be SMS off, OTP on, EMAIL off, FACE on',
    ])
    const again = await run('ada@example.com', createDesk().desk)
    assert.equal(again, 'nothing to do: SMS off, OTP on, EMAIL off, FACE on')
    assert.match(await run('nobody@example.com', createDesk().desk), /^USER_NOT_FOUND: /)
    assert.match(await run(' ', createDesk().desk), /^INVALID_INPUT: /)
    assert.match(await run('katherine@example.com', createDesk().desk), /^POLICY_VIOLATION: /)
  })
}

it('the documents of gql.tada are those of operations/, with the fragments that they use', () => {
  const documents: Readonly<Record<string, DocumentNode>> = urqlDocuments
  assert.deepEqual(Object.keys(documents).toSorted(), [
    'FindUser',
    'PreviewChange',
    'SwitchFactors',
    'UndoChange',
  ])
  for (const { definitions } of Object.values(documents)) {
    for (const definition of definitions) {
      assert.ok('name' in definition && definition.name !== undefined)
      const folder = definition.kind === Kind.FRAGMENT_DEFINITION ? 'operations/fragments' : 'operations'
      const file = definition.name.value.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase()
      const text = readFileSync(new URL(`${folder}/${file}.graphql`, ROOT), 'utf8')
      assert.equal(print(definition), print(parse(text)))
    }
  }
})
