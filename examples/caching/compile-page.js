import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { transformSync } from '@babel/core'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = join(HERE, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/caching.md'), 'utf8')
const SOURCES = join(HERE, 'generated/sources')
const MODULES = join(HERE, 'generated/modules')
const RELAY_CONFIG = {
  src: 'relay',
  schema: 'schema.api.graphql',
  language: 'javascript',
  artifactDirectory: 'relay/artifacts',
  eagerEsModules: true,
}

/** The snippets of docs/caching.md, by the file name in their first line. */
export const SNIPPETS = new Map(
  [...PAGE.matchAll(/^```jsx?\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => [name, code]),
)

/** Documents of the tests, which Relay compiles with the page's. Their names begin with that of the file. */
const MORE = `import { graphql } from 'relay-runtime'
export const BOTH_IDS = graphql\`
  query moreIdsQuery($userId: String!) {
    userMfa(userId: $userId) { ... on UserMfa { id revision user { id } } }
  }
\`
export const WITH_BOUND = graphql\`
  query moreBoundQuery($userId: String!) {
    userMfa(userId: $userId) { ... on UserMfa { id factors { code bound } } }
  }
\``

/** Every block of the page that is JavaScript. Each must be a snippet with a name. */
export const CODE_BLOCKS = PAGE.match(/^```jsx?$/gm) ?? []

/**
 * Writes the snippets into files as they stand, runs Relay's compiler and urql's script over them, and compiles them
 * for Node as a bundler would. It does so once for each process.
 */
export function compilePage() {
  rmSync(join(HERE, 'generated'), { recursive: true, force: true })
  write(SOURCES, 'package.json', '{ "type": "module" }')
  for (const [name, code] of SNIPPETS) write(SOURCES, name, code)
  write(SOURCES, 'relay/more.js', MORE)
  for (const file of ['possibleTypes.json', 'schema.api.graphql']) {
    copyFileSync(join(ROOT, file), join(SOURCES, file))
  }
  write(SOURCES, 'relay.config.json', JSON.stringify(RELAY_CONFIG))
  mkdirSync(join(SOURCES, RELAY_CONFIG.artifactDirectory), { recursive: true })
  run(join(SOURCES, 'urql/make-schema.js'))
  run(join(HERE, 'node_modules/relay-compiler/cli.js'), 'relay.config.json')
  for (const name of readdirSync(SOURCES, { recursive: true })) {
    if (/\.jsx?$/.test(name)) write(MODULES, name.replace(/\.jsx$/, '.js'), compile(name))
    else if (name.endsWith('.json')) write(MODULES, name, readFileSync(join(SOURCES, name), 'utf8'))
  }
}

/** Compiles JSX and Relay's tags. Node wants the endings of files that a bundler would find. */
function compile(name) {
  const { code } = transformSync(readFileSync(join(SOURCES, name), 'utf8'), {
    filename: join(SOURCES, name),
    babelrc: false,
    configFile: false,
    parserOpts: { plugins: ['importAttributes'] },
    plugins: [
      [
        'babel-plugin-relay',
        { artifactDirectory: join(SOURCES, RELAY_CONFIG.artifactDirectory), eagerEsModules: true },
      ],
      ['@babel/plugin-transform-react-jsx', { runtime: 'automatic' }],
    ],
  })
  return code.replaceAll(/(from ['"][^'"]*\.graphql)(?=['"])/g, '$1.js').replaceAll(/\.jsx(?=['"])/g, '.js')
}

/** Imports a snippet by its file name. */
export function importSnippet(name) {
  return import(pathToFileURL(join(MODULES, name.replace(/\.jsx$/, '.js'))).href)
}

function run(...args) {
  const { status, stdout, stderr } = spawnSync(execPath, args, {
    cwd: SOURCES,
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (status !== 0) throw new Error(`${args[0]} failed: ${stdout}${stderr}`)
}

function write(folder, name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}
