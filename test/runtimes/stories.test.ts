import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const stories: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('stories.json', import.meta.url), 'utf8'),
)

it.each(Object.values(stories).flat())('%s, which runs on each Node, is there', name => {
  expect(existsSync(new URL(`../${name}.test.ts`, import.meta.url))).toBe(true)
})
