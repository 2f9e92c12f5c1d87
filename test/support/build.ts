import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endWithParent } from './end-with-parent.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TSC = ['node_modules/typescript/bin/tsc', '-b', 'src', '--noCheck']

/**
 * Builds `dist` once before any test, for tests that start the program as a process of its own. The types of `src` are
 * checked by `npm run types`, and not again here.
 */
export async function setup(): Promise<void> {
  await run(['pages/before-build.cjs'])
  await Promise.all([run(TSC), run(['pages/build.mjs'])])
  await run(['bundle/build.mjs'])
}

async function run(args: readonly string[]): Promise<void> {
  const child = endWithParent(spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
}
