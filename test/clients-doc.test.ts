import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/config.ts'
import { readOperations } from '../src/http/page/read-operations.ts'
import { createLog } from '../src/log.ts'

const doc = readFileSync(new URL('../docs/clients.md', import.meta.url), 'utf8')
const run = promisify(execFile)

/** The others need their packages: `examples/typed-clients` and `examples/react` run them. */
const RUN_ELSEWHERE = /@urql|@apollo|graphql-sse/

it.each([
  ['sh', ['-c']],
  ['js', ['--input-type=module', '-e']],
] as const)('the %s examples for a first connection print what is said of them', async (language, args) => {
  const config = loadConfig({ PORT: '0', SANDBOX_PORT: '0' })
  await using app = await createApp(config, createLog('silent'), {
    pid: process.pid,
    isAlive: () => true,
    writeStdout: async () => {},
    isStdoutLost: () => false,
    reloadConfig: () => config,
  })
  const examples = [
    ...doc.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\`\\n\\nprints \`([^\`]+)\``, 'g')),
  ].filter(([, code = '']) => !RUN_ELSEWHERE.test(code))
  expect(examples).toHaveLength(language === 'sh' ? 2 : 1)
  for (const [, code = '', printed = ''] of examples) {
    const here = code
      .replaceAll('http://127.0.0.1:4000', app.url)
      .replaceAll('http://127.0.0.1:4010', app.sandboxUrl ?? '')
    const { stdout } = await run(language === 'sh' ? 'bash' : process.execPath, [...args, here])
    expect(stdout).toContain(printed)
  }
})

it('every code block of docs/clients.md is run by a test, and asks for errors that it does not know', () => {
  const blocks = [...doc.matchAll(/```(\w*)\n([\s\S]*?)```\n\n(\w+)/g)]
  expect(blocks.map(([, language, , next]) => [language, next])).toEqual([
    ['sh', 'prints'],
    ['sh', 'prints'],
    ['js', 'prints'],
    ['js', 'prints'],
    ['js', 'prints'],
    ['js', 'prints'],
  ])
  for (const [, , code = ''] of blocks) {
    if (code.includes('userMfa(')) expect(code).toContain('... on MfaError { code message }')
    expect(code.split('\n').length).toBeLessThan(40)
  }
})

it('docs/clients.md lists the documents of operations/, each with what it says of itself', () => {
  const rows = readOperations().map(({ file, document }) => {
    const [comment = ''] = document.split('\n')
    return `| [${file.replace('.graphql', '')}](../operations/${file}) | ${comment.slice(2)} |`
  })
  expect(doc.split('\n').filter(line => line.includes('](../operations/'))).toEqual(rows)
})
