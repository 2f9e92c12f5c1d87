import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RESULTS_FOLDER } from './paths.ts'

/** A Node that runs the subjects. The load and the upstream keep the one that runs the harness. */
export interface SubjectNode {
  readonly path: string
  /** For example `v24.21.0`. */
  readonly version: string
}

/**
 * Returns the Node that runs the harness for `null`, otherwise the one at a path, or one of a version.
 *
 * @param wanted a path with a slash in it, or a version such as `24`. npm then installs it under `bench/results/nodes`,
 * unless it is there
 * @throws if npm cannot install it, or if it does not run
 */
export function findNode(wanted: string | null): SubjectNode {
  if (wanted === null) return { path: process.execPath, version: process.version }
  const path = wanted.includes('/') ? resolve(wanted) : install(wanted)
  return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }
}

function install(version: string): string {
  const folder = join(RESULTS_FOLDER, 'nodes', version)
  const path = join(folder, 'node_modules/node/bin/node')
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  // The variables of the npm that runs the harness name another folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))
  const args = ['install', '--no-audit', '--no-fund', `node@${version}`]
  execFileSync('npm', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  if (!existsSync(path)) {
    throw new Error(`npm installed node@${version} without its program. Give the path of a Node instead.`)
  }
  return path
}
