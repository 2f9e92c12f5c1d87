import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VARIABLES } from '../src/config/variables.ts'
import { CHANGE_FAILURE_KINDS, FAILURES } from '../src/mfa/failure.ts'
import { startServer } from './console/browser/open-console.ts'
import { startApp } from './support/app.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** A document, and its answer. */
const EXAMPLE = /```graphql\n([\s\S]*?)```\n\n```json\n(.*)\n```/g

describe('README', () => {
  it('has every variable with its default and meaning in docs/configuration.md, and no other', () => {
    const configuration = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8')
    const rows = Object.entries(VARIABLES).map(
      ([name, { default: fallback, meaning }]) =>
        `| \`${name}\` | ${fallback === null ? '' : `\`${fallback}\``} | ${meaning} |`,
    )
    const table = /\| variable \| default \| meaning \|\n\|---\|---\|---\|\n((?:\|.*\n)*)/.exec(
      configuration,
    )?.[1]
    expect(table?.trimEnd().split('\n')).toEqual(rows)
  })

  it('gives examples that run as they stand, one after another, and answer as it says', async () => {
    const examples = [...readme.matchAll(EXAMPLE)]
    expect(examples).toHaveLength(2)
    await using app = await startApp()
    for (const [, document = '', answer = ''] of examples) {
      const { data } = await app.graphql(document)
      expect({ data }).toEqual(JSON.parse(answer))
    }
  })

  it('gives examples that run with the embedded sandbox and its tokens, too, under its step-up rule', async () => {
    await using app = await startServer({ TRUSTED_DOCUMENTS: 'off' })
    const { admin } = await (await fetch(`${app.sandboxUrl}/sandbox/tokens`)).json()
    for (const [, query, answer = ''] of readme.matchAll(EXAMPLE)) {
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
        body: JSON.stringify({ query }),
      })
      expect(await response.json()).toEqual(JSON.parse(answer))
    }
  })

  it('sends a query straight from its files, as it says', async () => {
    const [, files = '', variables = ''] =
      /cat (.*) \|\n[^`]*query@- --data-urlencode variables@(\S+)/.exec(readme) ?? []
    const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
    await using app = await startApp()
    const parameters = new URLSearchParams({
      query: files.split(' ').map(read).join('\n'),
      variables: read(variables),
    })
    const { text } = await app.fetch(`/graphql?${parameters}`)
    expect(JSON.parse(text).data.userMfa).toMatchObject({ __typename: 'UserMfa', posture: 'PROTECTED' })
  })

  it('points at files that exist', () => {
    const paths = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path)
    expect(paths.length).toBeGreaterThan(20)
    for (const path of paths) {
      expect(existsSync(new URL(`../${path}`, import.meta.url)), path).toBe(true)
    }
  })

  it('describes every result of a change as the table of failures says it', () => {
    const rows = [...readme.matchAll(/^\| `(\w+Error)` \| (.*) \| (.*) \|$/gm)].map(([, ...cells]) => cells)
    const expected = CHANGE_FAILURE_KINDS.map(kind => {
      const { type, cause, advice } = FAILURES[kind]
      return [type, cause, advice]
    })
    expect(rows).toEqual(expected)
    expect(readme).toContain('| `SetUserMfaStatusSuccess` |')
    expect(readme).toContain('| `SetUserMfaStatusPreview` |')
  })

  it('has each page of docs/ in their index, with a question, and its own index leads to no other', () => {
    for (const folder of ['../docs/', '../docs/decisions/']) {
      const index = readFileSync(new URL(`${folder}README.md`, import.meta.url), 'utf8')
      const pages = readdirSync(new URL(folder, import.meta.url)).filter(
        name => name.endsWith('.md') && name !== 'README.md',
      )
      const named = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name)
      expect(named.toSorted()).toEqual(pages.toSorted())
    }
  })

  it('is followed by docs/decisions/libraries.md, which names every runtime dependency', () => {
    const decisions = readFileSync(new URL('../docs/decisions/libraries.md', import.meta.url), 'utf8')
    for (const name of Object.keys(packageJson.dependencies)) {
      expect(decisions).toContain(`\`${name.replace('@pothos/plugin', 'plugin')}\``)
    }
  })

  it('speaks of commands that exist, as CONTRIBUTING.md does, in at most 1,500 words', () => {
    const contributing = readFileSync(new URL('../CONTRIBUTING.md', import.meta.url), 'utf8')
    const scripts = [...`${readme}${contributing}`.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script)
    expect(scripts).toContain('build')
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(scripts))
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1_500)
  })
})
