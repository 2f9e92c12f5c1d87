// Runs what depends on Node on the newest Node of each line that package.json's `engines` names but the one that runs
// this: the built server, started, asked, told to change something and to stop, and the stories below. The oldest Node
// that is named runs the server alone, since Vite needs a newer one.
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

const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
/** The least version of each range. */
const least = engines.node.split('||').map(range => /[\d.]+/.exec(range)[0])
const own = process.versions.node.split('.')[0]
const majors = least.map(version => version.split('.')[0]).filter(major => major !== own)

const given = process.argv.slice(2)
if (given.length === 0) await tryNode(least[0], [])
for (const version of given.length === 0 ? majors : given) await tryNode(version, files)

/** Says what came of it, and lets this process fail if anything did. */
async function tryNode(range, stories) {
  const { PATH, version } = installNode(range)
  const startedAtMs = performance.now()
  try {
    await tryServer(PATH)
    const done = ['the server started, changed a user and stopped']
    if (stories.length > 0)
      done.push(`${stories.length} files of stories, ${await tryStories(PATH, stories)}`)
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0)
    console.log(`Node ${version}: ${done.join('; ')} (${seconds} s).`)
  } catch (error) {
    console.log(`Node ${version} failed.\n${error.message}`)
    process.exitCode = 1
  }
}

/** @returns how many tests passed */
async function tryStories(PATH, stories) {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts']
  const env = { ...process.env, PATH, TEST_TIER: 'all' }
  const run = start(['node', ...vitest, ...stories], { cwd: ROOT, env })
  if ((await run.exited) !== 0) throw new Error(run.output)
  return /\d+ passed/.exec(run.output.split('Tests').at(-1))?.[0]
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
