// Packs the package, installs the file in an empty folder elsewhere, and runs it by npx on the sandbox.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plainEnvironment } from './plain-environment.mjs'
import { askForAda, start, waitFor } from './try-server.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'package-'))
const npm = (args, cwd) =>
  execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: plainEnvironment(),
  })

try {
  const packed = npm(['pack', '--json', '--pack-destination', folder], ROOT)
  const [{ filename, unpackedSize, files }] = JSON.parse(packed)
  // CI packs after the examples have installed and generated what they need.
  const foreign = files.find(({ path }) => /^examples\/.*\b(node_modules|dist|generated)\//.test(path))
  if (foreign !== undefined) throw new Error(`The package holds ${foreign.path}`)
  const file = join(folder, filename)
  npm(['init', '-y'], folder)
  npm(['install', '--no-audit', '--no-fund', file], folder)
  for (const name of ['typescript', 'vitest', '@biomejs/biome']) {
    if (existsSync(join(folder, 'node_modules', name)))
      throw new Error(`${name} is needed to build, not to run`)
  }
  const env = { ...plainEnvironment(), PORT: '0', SANDBOX_PORT: '0' }
  const server = start(['npx', '--no', 'genauth-graphql'], { cwd: folder, env, detached: true })
  try {
    const output = await waitFor(server, text => text.includes('"msg":"ready"') && text)
    const url = /"graphql":"([^"]+)\/graphql"/.exec(output)?.[1] ?? ''
    await askForAda(url, /"sandbox":"([^"]+)"/.exec(output)?.[1] ?? '')
  } finally {
    // npx and what it started.
    process.kill(-server.child.pid, 'SIGTERM')
  }
  await server.exited
  const installed = execFileSync('du', ['-sm', 'node_modules'], { cwd: folder, encoding: 'utf8' })
  const kilobytes = bytes => Math.round(bytes / 1_024)
  console.log(
    `The package: ${kilobytes(statSync(file).size)} KB, ${kilobytes(unpackedSize)} KB unpacked, ` +
      `${installed.split('\t')[0]} MB with what it needs. Started by npx, asked, answered.`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
