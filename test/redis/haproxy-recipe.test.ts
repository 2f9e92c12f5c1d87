import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const HAS_HAPROXY = spawnSync('haproxy', ['-v']).status === 0

describe.runIf(HAS_HAPROXY)('the recipe for HAProxy in docs/replicas.md', () => {
  it('is a configuration that HAProxy takes, without a warning', () => {
    const docs = readFileSync(new URL('../../docs/replicas.md', import.meta.url), 'utf8')
    const recipe = /```\n(defaults\n {4}mode tcp\n[\s\S]*?)```/.exec(docs)?.[1] ?? ''
    const judged = spawnSync('haproxy', ['-c', '-f', '/dev/stdin'], { input: recipe, encoding: 'utf8' })
    expect(recipe).toContain('expect rstring role:master')
    expect([judged.status, judged.stderr]).toEqual([0, ''])
  })
})
