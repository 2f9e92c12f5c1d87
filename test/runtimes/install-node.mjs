import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { plainEnvironment } from '../packaging/plain-environment.mjs'

/**
 * Installs a Node from npm, in a folder of its own that is removed when this process ends.
 *
 * @param version a range, such as `24`
 * @returns its version, and a `PATH` on which it is the first `node`
 */
export function installNode(version) {
  const folder = mkdtempSync(join(tmpdir(), `node-${version}-`))
  // Not only for this user.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`], {
      cwd: folder,
      env: plainEnvironment(),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch {
    throw new Error(
      `Node ${version} is not to be had: \`npm install node@${version}\` fails. Is the registry reachable?`,
    )
  }
  const bin = join(folder, 'node_modules/node/bin')
  const PATH = `${bin}${delimiter}${process.env.PATH}`
  return { PATH, version: execFileSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' }).trim() }
}
