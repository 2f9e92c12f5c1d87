import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { endWithParent } from './support/end-with-parent.ts'

const TESTS = fileURLToPath(new URL('.', import.meta.url))
const GUARD = `${TESTS}support/end-orphans.mjs`
/** A program that does not end by itself. */
const SLEEPER = ['-e', 'setInterval(() => {}, 1_000)']

it('a child whose parent is gone is killed, unless it has ended before', async () => {
  const start = () => endWithParent(spawn(process.execPath, SLEEPER))
  const [orphan, ended] = [start(), start()]
  const guard = endWithParent(spawn(process.execPath, [GUARD], { stdio: ['pipe', 'ignore', 'inherit'] }))
  guard.stdin.end(`+${orphan.pid}\n+${ended.pid}\n-${ended.pid}\n`)
  expect(await once(orphan, 'exit')).toEqual([null, 'SIGKILL'])
  expect(ended.exitCode ?? ended.signalCode).toBeNull()
  ended.kill()
  expect(await once(ended, 'exit')).toEqual([null, 'SIGTERM'])
})

it('no test starts a process that may outlive it', () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))
  const starts = files.flatMap(file => {
    const source = readFileSync(`${TESTS}${file}`, 'utf8')
    return [...source.matchAll(/(?:(\w+)\(\s*)?\b(?:spawn|fork)\(/g)].map(([, by]) => [file, by] as const)
  })
  expect(starts.length).toBeGreaterThan(10)
  expect(
    starts.filter(([file, by]) => by !== 'endWithParent' && !file.endsWith('end-with-parent.ts')),
  ).toEqual([])
})
