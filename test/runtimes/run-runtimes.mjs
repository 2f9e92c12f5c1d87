// Runs what depends on Node on each Node that package.json's `engines` names but the one that runs this: the built
// server, started, asked, told to change something and to stop, and the stories below.
// Arguments: the versions to try instead, such as `24`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askForAda, changeAda, start, waitFor } from '../packaging/try-server.mjs'
import { installNode } from './install-node.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STORIES = [
  // Streams and the HTTP parser.
  'edge',
  'error-status',
  'front-end-protocols',
  'hostile-http',
  'request-ids',
  'routes',
  // The main stories.
  'set-user-mfa-status',
  'users-mfa',
  // undici, TLS and cryptography.
  'access/authenticator',
  'genauth/http-exchange',
  'genauth/signature',
  'secret-files',
  'upstream-certificates',
  // Files.
  'journal/journal',
  'journal/kill-9',
  'journal-file',
  // Processes, signals and memory.
  'cli/program',
  'cli/stop',
  'lifecycle',
  'memory',
]

const files = STORIES.map(name => `test/${name}.test.ts`)
for (const file of files) if (!existsSync(join(ROOT, file))) throw new Error(`There is no ${file}`)

const [own] = process.versions.node.split('.')
const versions =
  process.argv.length > 2 ? process.argv.slice(2) : readVersions().filter(version => version !== own)
for (const version of versions) if (!(await tryNode(installNode(version)))) process.exitCode = 1

/** The major versions of `engines`. */
function readVersions() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return engines.node.split('||').map(range => /\d+/.exec(range)[0])
}

/** Says what came of it, once it is known; `false` if anything failed. */
async function tryNode({ PATH, version }) {
  const startedAtMs = performance.now()
  try {
    await tryServer(PATH)
  } catch (error) {
    console.log(`Node ${version}: the built server failed.\n${error.message}`)
    return false
  }
  // Most of the time is waiting: three workers take little more than two cores.
  const vitest = 'node_modules/vitest/vitest.mjs run --config test/vitest.config.ts --maxWorkers=3'.split(' ')
  const env = { ...process.env, PATH, TEST_TIER: 'all' }
  const stories = start(['node', ...vitest, ...files], { cwd: ROOT, env })
  const isGood = (await stories.exited) === 0
  if (!isGood) console.log(stories.output)
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0)
  const counts = stories.output.match(/^.*\bTests .*$/m)?.[0].trim()
  console.log(
    `Node ${version}: the built server, then the stories of ${files.length} files, ${seconds} s.\n${counts}`,
  )
  return isGood
}

async function tryServer(PATH) {
  const env = { PATH, PORT: '0', SANDBOX_PORT: '0' }
  const server = start(['node', 'dist/main.js'], { cwd: ROOT, env })
  try {
    const output = await waitFor(server, text => text.includes('"msg":"ready"') && text)
    const url = /"graphql":"([^"]+)\/graphql"/.exec(output)?.[1] ?? ''
    const sandboxUrl = /"sandbox":"([^"]+)"/.exec(output)?.[1] ?? ''
    await askForAda(url, sandboxUrl)
    await changeAda(url, sandboxUrl)
    server.child.kill('SIGTERM')
    const code = await server.exited
    if (code !== 0) throw new Error(`Exit code ${code}, not 0:\n${server.output}`)
    if (/Warning:/.test(server.output)) throw new Error(`Node warns:\n${server.output}`)
  } finally {
    server.child.kill('SIGKILL')
  }
}
