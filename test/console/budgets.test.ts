import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('the console is within its budgets', () => {
  const script = fileURLToPath(new URL('../../console/budgets.mjs', import.meta.url))
  expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toMatch(
    /^firstScreen: [\d.]+ of 45 KB/,
  )
})
