import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startServer } from './start-server.js'

const doc = readFileSync(new URL('../../../docs/clients.md', import.meta.url), 'utf8')
const run = promisify(execFile)

it('the example of Apollo Client in docs/clients.md prints what is said of it', async () => {
  const [, code, printed] = /```js\n(import [^\n]*@apollo[\s\S]*?)```\n\nprints `([^`]+)`/.exec(doc)
  const server = await startServer({})
  const here = code
    .replaceAll('http://127.0.0.1:4000', new URL(server.url).origin)
    .replaceAll('http://127.0.0.1:4010', server.sandboxUrl)
  // The file is in this folder, so that its packages are found.
  const file = fileURLToPath(new URL('snippet.mjs', import.meta.url))
  try {
    writeFileSync(file, here)
    const { stdout } = await run(process.execPath, [file])
    assert.equal(stdout.trim(), printed)
  } finally {
    rmSync(file)
    await server.close()
  }
})
