import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MODULES_SCRIPT, toScript } from '../harness/paths.ts'
import type { RunningSubject } from '../harness/running-subject.ts'
import { startServerVariant } from '../start-subject.ts'
import type { StartExtras, Surroundings } from '../subject.ts'
import type { Removal } from './removals.ts'

/**
 * Starts a copy of this server's build without some of its parts. It is for comparison alone.
 *
 * @throws if the build no longer has a part in its place
 */
export async function startWithout(
  removals: readonly Removal[],
  surroundings: Surroundings,
  extras: StartExtras = {},
): Promise<RunningSubject> {
  const folder = mkdtempSync(join(surroundings.memoryFolder, 'build-'))
  const script = copyBuild(folder)
  const copiedDist = dirname(script)
  for (const { files = {} } of removals) {
    for (const [file, removed] of Object.entries(files)) await replaceExports(copiedDist, file, removed)
  }
  const env = Object.assign({}, ...removals.map(removal => removal.env ?? {}), extras.env)
  const running = await startServerVariant({ name: 'server-without', script }, surroundings, {
    ...extras,
    env,
  })
  const silenced = removals.flatMap(({ silences = [] }) => silences)
  const stop = async () => {
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    ...running,
    evidence: { ...running.evidence, ...Object.fromEntries(silenced.map(name => [name, null])) },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Copies the build, with links to everything else that it may read. Returns the path of the copied script. */
function copyBuild(folder: string): string {
  const dist = dirname(MODULES_SCRIPT)
  const root = dirname(dist)
  for (const name of readdirSync(root)) {
    if (name !== basename(dist)) symlinkSync(join(root, name), join(folder, name))
  }
  const copiedDist = join(folder, basename(dist))
  cpSync(dist, copiedDist, { recursive: true })
  return join(copiedDist, basename(MODULES_SCRIPT))
}

/**
 * Lets the exports of a script of `removed/` stand in for those of the same names. Each is a function that gets the
 * original module and returns what stands in.
 */
async function replaceExports(dist: string, file: string, removed: string): Promise<void> {
  const path = join(dist, file)
  if (!existsSync(path)) throw new Error(`The build has no ${file} any more`)
  const original = path.replace(/\.js$/, '.original.js')
  renameSync(path, original)
  const removedUrl = pathToFileURL(toScript(`take-away/removed/${removed}.js`)).href
  const names = Object.keys(await import(removedUrl))
  const replacements = names.map(
    name => `if (!('${name}' in original)) throw new Error('${file} has no ${name} any more')
export const ${name} = removed.${name}(original)`,
  )
  writeFileSync(
    path,
    `import * as original from './${basename(original)}'
import * as removed from '${removedUrl}'
export * from './${basename(original)}'
${replacements.join('\n')}
`,
  )
}
