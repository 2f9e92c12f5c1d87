import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execPath } from 'node:process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startServer } from './start-server.ts'

const doc = readFileSync(new URL('../../../../docs/clients.md', import.meta.url), 'utf8')
const run = promisify(execFile)

/** The code blocks that import urql and graphql-sse, and the text that each should print. */
const SNIPPETS = [
  ...doc.matchAll(/```js\n(import [^\n]*(?:@urql|graphql-sse)[\s\S]*?)```\n\nprints `([^`]+)`/g),
]

it('the examples of urql and graphql-sse in docs/clients.md print what is said of them', async () => {
  await using server = await startServer()
  assert.equal(SNIPPETS.length, 2)
  for (const [, code = '', printed] of SNIPPETS) {
    const here = code
      .replaceAll('http://127.0.0.1:4000', new URL(server.url).origin)
      .replaceAll('http://127.0.0.1:4010', server.sandboxUrl)
    // The file is in this folder, so that its packages are found.
    const file = fileURLToPath(new URL('snippet.mjs', import.meta.url))
    writeFileSync(file, here)
    const { stdout } = await run(execPath, [file])
    rmSync(file)
    assert.equal(stdout.trim(), printed)
  }
})
