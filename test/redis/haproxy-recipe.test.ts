import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

const HAS_HAPROXY = spawnSync('haproxy', ['-v']).status === 0

describe.runIf(HAS_HAPROXY)('the recipe for HAProxy in docs/redis.md', () => {
  it('is a configuration that HAProxy takes, without a warning', () => {
    const folder = mkdtempSync(join(tmpdir(), 'haproxy-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const docs = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8')
    const recipe = /```\n(defaults\n {4}mode tcp\n[\s\S]*?)```/.exec(docs)?.[1] ?? ''
    expect(recipe).toContain('expect rstring role:master')
    const file = join(folder, 'haproxy.cfg')
    writeFileSync(file, recipe)
    const judged = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' })
    expect([judged.status, judged.stderr]).toEqual([0, ''])
  })
})
