import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const EXAMPLE = fileURLToPath(new URL('../../', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'relay-'))

/** Relay names an operation after the module that it stands in. */
const MODULE = `graphql\`
  query deskUserQuery($userId: String!, $userIdType: UserIdType!) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      __typename
      ... on UserMfa { id revision factors { code enabled bound } }
      ... on MfaError { code message }
    }
  }
\`
graphql\`
  mutation deskUserSwitchMutation($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied userMfa { id revision } }
      ... on SetUserMfaStatusPreview { userId expectedRevision changes { code } }
      ... on MfaError { code message }
    }
  }
\`
`

function compile(schema: string) {
  mkdirSync(join(folder, 'src'), { recursive: true })
  writeFileSync(join(folder, 'src/deskUser.ts'), MODULE)
  copyFileSync(join(ROOT, schema), join(folder, 'schema.graphql'))
  const config = { src: 'src', schema: 'schema.graphql', language: 'typescript', artifactDirectory: 'made' }
  mkdirSync(join(folder, 'made'), { recursive: true })
  writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config))
  const compiler = join(EXAMPLE, 'node_modules/relay-compiler/cli.js')
  return spawnSync(execPath, [compiler, 'relay.config.json'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
}

after(() => rmSync(folder, { recursive: true, force: true }))

it("Relay's compiler reads schema.api.graphql and makes the types of documents", () => {
  const { status, stderr, stdout } = compile('schema.api.graphql')
  assert.equal(status, 0, `${stdout}${stderr}`)
  assert.deepEqual(readdirSync(join(folder, 'made')).toSorted(), [
    'deskUserQuery.graphql.ts',
    'deskUserSwitchMutation.graphql.ts',
  ])
})

it("Relay's compiler cannot read schema.graphql, which is for gateways", () => {
  const { status, stderr, stdout } = compile('schema.graphql')
  assert.notEqual(status, 0)
  assert.match(`${stdout}${stderr}`, /@?link/)
})
