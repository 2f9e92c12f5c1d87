// Installs the packed package by Yarn with Plug'n'Play, which lets a package load nothing that it does not declare, and
// runs it on the sandbox. Yarn itself comes from npm. Traces, metrics and Redis are on, so that their parts load, too.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plainEnvironment } from './plain-environment.mjs'
import { askForAda, findFreePort, start, waitFor } from './try-server.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const YARN = '@yarnpkg/cli-dist@4.18.1'
const folder = mkdtempSync(join(tmpdir(), 'yarn-pnp-'))
const env = plainEnvironment()
/** How this machine reaches the registry: npm has it in its own settings, and Yarn only from here. */
const ofNetwork = Object.fromEntries(
  ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap(name =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  ),
)
const run = (command, args, cwd) =>
  execFileSync(command, args, {
    cwd,
    env: { ...env, ...ofNetwork },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], ROOT))
  run('npm', ['install', '--no-audit', '--no-fund', '--prefix', join(folder, 'yarn'), YARN], folder)
  const yarn = join(folder, 'yarn/node_modules/@yarnpkg/cli-dist/bin/yarn.js')
  const project = { name: 'trial', private: true, dependencies: { 'genauth-graphql': `file:./${filename}` } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project))
  writeFileSync(
    join(folder, '.yarnrc.yml'),
    [
      'nodeLinker: pnp',
      // The strictest: not even what the project itself depends on may be loaded undeclared.
      'pnpFallbackMode: none',
      'enableTelemetry: false',
      'enableGlobalCache: false',
      // An empty folder has no lock file yet, in CI neither.
      'enableImmutableInstalls: false',
      '',
    ].join('\n'),
  )
  run('node', [yarn, 'install'], folder)
  if (existsSync(join(folder, 'node_modules'))) throw new Error("Yarn has not used Plug'n'Play")

  const nobody = `127.0.0.1:${await findFreePort()}`
  const server = start(['node', yarn, 'genauth-graphql'], {
    cwd: folder,
    detached: true,
    env: {
      ...env,
      PORT: '0',
      SANDBOX_PORT: '0',
      METRICS_PORT: '0',
      REDIS_URL: `redis://${nobody}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${nobody}`,
    },
  })
  try {
    const output = await waitFor(server, text => text.includes('"msg":"ready"') && text)
    const url = /"graphql":"([^"]+)\/graphql"/.exec(output)?.[1] ?? ''
    await askForAda(url, /"sandbox":"([^"]+)"/.exec(output)?.[1] ?? '')
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })
    if (!(await page.text()).includes('<!doctype html>')) throw new Error('GraphiQL is not served')
  } finally {
    // Yarn and what it started.
    process.kill(-server.child.pid, 'SIGTERM')
  }
  await server.exited
  console.log("Installed by Yarn with Plug'n'Play, started, asked, answered.")
} finally {
  rmSync(folder, { recursive: true, force: true })
}
