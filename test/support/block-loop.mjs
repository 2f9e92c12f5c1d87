// Loaded with `--import`. On SIGUSR2 the event loop stands still for two seconds.
import { writeSync } from 'node:fs'
import process from 'node:process'

const BLOCKED_MS = 2_000

process.on('SIGUSR2', () => {
  writeSync(2, 'the loop stands still\n')
  const endsAtMs = performance.now() + BLOCKED_MS
  while (performance.now() < endsAtMs);
})
