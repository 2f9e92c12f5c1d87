import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds `dist` once before any test, for tests that start the program as a process of its own. */
export function setup(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const steps = [
    ['pages/before-build.cjs'],
    ['node_modules/typescript/bin/tsc', '-b', 'src'],
    ['pages/build.mjs'],
  ]
  for (const args of steps) execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
}
