import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const GUARD = fileURLToPath(new URL('end-orphans.mjs', import.meta.url))

let guard: Writable | null = null

/**
 * Kills a child when this process ends, even if the process is killed, and returns the child. A process of its own
 * does so: its stdin ends with this process.
 */
export function endWithParent<C extends ChildProcess>(child: C): C {
  const { pid } = child
  if (pid === undefined) return child
  guard ??= startGuard()
  guard.write(`+${pid}\n`)
  child.once('exit', () => guard?.write(`-${pid}\n`))
  return child
}

function startGuard(): Writable {
  const child = spawn(process.execPath, [GUARD], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.unref()
  const { stdin } = child
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  return stdin
}
