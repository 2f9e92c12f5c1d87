import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execPath } from 'node:process'
import { after, before, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const EXAMPLE = fileURLToPath(new URL('../../', import.meta.url))
const ARM = "    case 'MfaPolicyViolationError':\n"

/** Mistakes, each in a copy of a file of src/. */
const MISTAKES = {
  'urql-documents.misspelt.ts': ['urql-documents.ts', '    revision\n', '    revison\n'],
  'urql-document-misspelt.ts': [
    'switch-off-sms-with-urql.ts',
    './urql-documents.ts',
    './urql-documents.misspelt.ts',
  ],
  'urql-field-misspelt.ts': ['switch-off-sms-with-urql.ts', 'user.revision', 'user.revison'],
  'urql-arm-missing.ts': ['switch-off-sms-with-urql.ts', ARM, ''],
} as const

let said: readonly string[] = []

function errorsIn(file: keyof typeof MISTAKES): string {
  return said.filter(line => line.startsWith(`src/${file}(`)).join('\n')
}

before(() => {
  for (const [copy, [file, from, to]] of Object.entries(MISTAKES)) {
    const text = readFileSync(`${EXAMPLE}src/${file}`, 'utf8')
    assert.ok(text.includes(from), `${file} holds ${from}`)
    writeFileSync(`${EXAMPLE}src/${copy}`, text.replace(from, to))
  }
  const compiler = spawnSync(execPath, ['node_modules/typescript/bin/tsc', '--noEmit'], {
    cwd: EXAMPLE,
    encoding: 'utf8',
  })
  said = compiler.stdout.split('\n').filter(line => line.startsWith('src/'))
})

after(() => {
  for (const copy of Object.keys(MISTAKES)) rmSync(`${EXAMPLE}src/${copy}`, { force: true })
})

it('a misspelt field does not compile', () => {
  assert.match(errorsIn('urql-field-misspelt.ts'), /error TS2551: Property 'revison' does not exist on type/)
})

it('a switch that lacks an arm does not compile', () => {
  assert.match(
    errorsIn('urql-arm-missing.ts'),
    /error TS2345: Argument of type '\{ __typename: "?'?MfaPolicyViolationError.*to parameter of type 'never'/,
  )
})

it('a field misspelt in a document of gql.tada does not compile where the field is used', () => {
  assert.match(
    errorsIn('urql-document-misspelt.ts'),
    /error TS\d+: Property 'revision' does not exist on type/,
  )
})

it('nothing else has an error', () => {
  const files = new Set(said.map(line => line.slice('src/'.length, line.indexOf('('))))
  assert.deepEqual(
    [...files].sort(),
    Object.keys(MISTAKES)
      .filter(file => file !== 'urql-documents.misspelt.ts')
      .sort(),
  )
})
