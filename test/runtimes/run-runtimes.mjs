// Runs what depends on Node on the newest Node of each line that package.json's `engines` names but the one that runs
// this: the built server, started, asked, told to change something and to stop, and what stories.json names. Production
// is to run Node 24, so that one also runs the long stories. The oldest Node that `engines` names runs the server alone,
// since Vite needs a newer one.
// Arguments: the versions to try instead, such as `24`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askForAda, changeAda, start, waitFor } from '../packaging/try-server.mjs'
import { installNode } from './install-node.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const stories = JSON.parse(readFileSync(new URL('stories.json', import.meta.url), 'utf8'))
const files = Object.values(stories)
  .flat()
  .map(name => `test/${name}.test.ts`)

const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
/** The least version of each range. */
const least = engines.node.split('||').map(range => /[\d.]+/.exec(range)[0])
const own = process.versions.node.split('.')[0]
const majors = least.map(version => version.split('.')[0]).filter(major => major !== own)

/** The line that README names for production. */
const PRODUCTION = 'v24.'

const given = process.argv.slice(2)
if (given.length === 0) await tryNode(least[0], [])
for (const version of given.length === 0 ? majors : given) await tryNode(version, files)

/** Says what came of it, and lets this process fail if anything did. */
async function tryNode(range, tests) {
  const { PATH, version } = installNode(range)
  const startedAtMs = performance.now()
  try {
    await tryServer(PATH)
    const done = ['the server started, changed a user and stopped']
    if (tests.length > 0) {
      const passed = await tryStories(PATH, tests, version.startsWith(PRODUCTION))
      done.push(`${tests.length} files of stories, ${passed}`)
    }
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0)
    console.log(`Node ${version}: ${done.join('; ')} (${seconds} s).`)
  } catch (error) {
    console.log(`Node ${version} failed.\n${error.message}`)
    process.exitCode = 1
  }
}

/** @returns how many tests passed */
async function tryStories(PATH, tests, hasLong) {
  const tier = hasLong ? [] : ['--tagsFilter=!long']
  // One order, and a second try.
  const asInCi = ['--sequence.seed=1', '--retry=1']
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    ...asInCi,
    ...tier,
  ]
  const env = { ...process.env, PATH, TEST_TIER: hasLong ? 'all' : 'short' }
  const run = start(['node', ...vitest, ...tests], { cwd: ROOT, env })
  const code = await run.exited
  const passed = /\d+ passed/.exec(run.output.split('Tests').at(-1))
  if (code !== 0 || passed === null) throw new Error(run.output)
  return passed[0]
}

async function tryServer(PATH) {
  const env = { PATH, PORT: '0', SANDBOX_PORT: '0' }
  const server = start(['node', 'dist/bundle/main.js'], { cwd: ROOT, env })
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
