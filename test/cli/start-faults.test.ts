import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startIn, startProgram } from '../support/program.ts'

const FREE = { PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'silent' }
const CANARY = 'canary-folder'

async function startFault(env: Readonly<Record<string, string>>): Promise<string> {
  await using program = startProgram([], { ...FREE, ...env })
  expect(await program.exitCode()).toBe(1)
  expect(program.stdout()).toBe('')
  expect(program.stderr()).not.toContain(CANARY)
  return program.stderr()
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `${CANARY}-`))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it('names what keeps the server from starting, in one line, with the variable to change', {
  tags: 'long',
  timeout: 60_000,
}, async () => {
  const folder = makeFolder()
  mkdirSync(join(folder, 'is-folder'))
  writeFileSync(join(folder, 'is-file'), '')
  writeFileSync(join(folder, 'foreign'), 'no journal\n')
  const { pid } = process
  writeFileSync(join(folder, 'held.lock'), `${JSON.stringify({ pid, startedAt: null })}\n`)
  const inUse = (at: string) => ({ AUDIT_LOG: join(folder, at) })
  const cases: [env: Readonly<Record<string, string>>, line: RegExp][] = [
    [inUse('nowhere/audit.jsonl'), /^AUDIT_LOG: .*\(ENOENT\): its folder does not exist\. Make the folder/],
    [inUse('is-file/audit.jsonl'), /^AUDIT_LOG: .*\(ENOTDIR\): its folder is a file\./],
    [inUse('is-folder'), /^AUDIT_LOG: The audit journal must be a plain file, or stdout\.$/],
    [inUse('foreign'), /^AUDIT_LOG: Line 1 of the audit journal: /],
    [inUse('held'), new RegExp(`^AUDIT_LOG: The audit journal is in use by process ${pid}: `)],
    [{ HOST: '192.0.2.1' }, /^HOST: this machine does not have the address/],
    [{ METRICS_PORT: '0', METRICS_HOST: '192.0.2.1' }, /^METRICS_HOST: this machine does not have/],
  ]
  // Two at a time: each is a process.
  for (let place = 0; place < cases.length; place += 2) {
    const pair = cases.slice(place, place + 2)
    const faults = await Promise.all(pair.map(([env]) => startFault(env)))
    for (const [index, [, line]] of pair.entries()) {
      expect(faults[index]?.split('\n')).toEqual([expect.stringMatching(line), ''])
    }
  }
})

it('says with the faults which variable is perhaps misspelt', async () => {
  const stderr = await startFault({ PORT: 'x', GENAUTH_TIMOUT_MS: CANARY })
  expect(stderr).toContain('  - PORT: must be')
  expect(stderr).toContain('  - GENAUTH_TIMOUT_MS: is not read. Is GENAUTH_TIMEOUT_MS meant?\n')
})

it('with --dotenv takes from .env what the environment lacks, and says what cannot be used', async () => {
  const folder = makeFolder()
  const main = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url))
  const run = async (content: string | Buffer, env: Readonly<Record<string, string>>) => {
    writeFileSync(join(folder, '.env'), content)
    await using program = startIn(folder, [main, '--dotenv'], env)
    await program.exitCode()
    return program.stderr()
  }
  const given = '\uFEFFPORT=from-file\r\nSANDBOX_PORT=from-file\nNODE_EXTRA_CA_CERTS=x\n'
  const faults = await run(given, { SANDBOX_PORT: '70000' })
  expect(faults).toContain('NODE_EXTRA_CA_CERTS has no effect in .env: set it in the environment.\n')
  expect(faults).toContain('  - PORT: must be')
  expect(faults).toContain('  - SANDBOX_PORT: must be')
  expect(await run('SANDBOX_PORT=x\nPORT=x', { SANDBOX_PORT: '0' })).not.toContain('SANDBOX_PORT')
  expect(await run(Buffer.from('PORT=1', 'utf16le'), {})).toContain('.env must be UTF-8 text: it is UTF-16')
})
