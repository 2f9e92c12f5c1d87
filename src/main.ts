#!/usr/bin/env node
// An old Node must be able to read this file and its imports, so they use no newer syntax and no package.
import { Signals } from './cli/signals.ts'
import { isTooOld, OLDEST_NODE } from './oldest-node.ts'

/** Returns `true` while Node's own exit would wait for a disk that hangs. */
let isHeldUp = (): boolean => false

function end(code: number): void {
  if (isHeldUp()) process.kill(process.pid, 'SIGKILL')
  process.exit(code)
}

function refuse(text: string): void {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

if (isTooOld(process.versions.node)) {
  refuse(`This program needs Node ${OLDEST_NODE} or newer. This is Node ${process.versions.node}.`)
}
// The signals come before any other import. The first process of a container never gets a signal that it has
// no handler for.
const signals = new Signals(process, end)

function holdUp(judge: () => boolean): void {
  isHeldUp = judge
}

import('./cli/run-program.ts').then(
  ({ runProgram }) => runProgram({ program: process, signals, end, holdUp }),
  () =>
    refuse(
      'A file of this program is missing: run `npm ci` and `npm run build`, or install the package again.',
    ),
)
