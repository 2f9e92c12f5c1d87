import { existsSync, readFileSync } from 'node:fs'
import { stripIgnoredCharacters } from 'graphql'
import { describe, expect, it } from 'vitest'
import { VARIABLES } from '../src/config-variables.ts'
import { startApp } from './support/app.ts'
import { readOperationFiles } from './support/operations.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

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

  it('gives a first example that runs as it stands and answers as it says', async () => {
    const [, body = ''] = /-d '(\{[\s\S]*?)'\n```/.exec(readme) ?? []
    const [, answer = ''] = /```json\n(.*)\n```/.exec(readme) ?? []
    await using app = await startApp()
    const sent = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    // Revisions are keyed: each deployment has its own.
    const unkeyed = (text: string) => JSON.parse(text.replaceAll(/"r2\.[^"]+"/g, '"r2"'))
    expect(unkeyed(sent.text)).toEqual(unkeyed(answer))
  })

  it('gives documents that are those of operations/', async () => {
    const files = readOperationFiles()
    const [, body = ''] = /-d '(\{[\s\S]*?)'\n```/.exec(readme) ?? []
    const named = files.find(({ file }) => file === 'set-factors.graphql')?.document ?? ''
    expect(stripIgnoredCharacters(JSON.parse(body).query)).toBe(stripIgnoredCharacters(named))
    expect(readme).not.toContain('```graphql')
    for (const [, path = ''] of readme.matchAll(/(?:query|variables)@operations\/([\w.-]+)/g)) {
      expect(files.flatMap(({ file }) => [file, file.replace('.graphql', '.variables.json')])).toContain(path)
    }
  })

  it('sends a query straight from its files, as it says', async () => {
    const [, query = '', variables = ''] = /query@(\S+) --data-urlencode variables@(\S+)/.exec(readme) ?? []
    const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
    await using app = await startApp()
    const parameters = new URLSearchParams({ query: read(query), variables: read(variables) })
    const { text } = await app.fetch(`/graphql?${parameters}`)
    expect(JSON.parse(text).data.userMfa).toMatchObject({ __typename: 'UserMfa', posture: 'PROTECTED' })
  })

  it('points at files that exist', () => {
    for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(new URL(`../${path}`, import.meta.url)), path).toBe(true)
    }
  })

  it('describes every answer of the mutation', async () => {
    await using app = await startApp()
    const { data } = await app.graphql(
      '{ __type(name: "SetUserMfaStatusPayload") { possibleTypes { name } } }',
    )
    const rows = [...readme.matchAll(/^\| `((?:SetUser|Mfa)\w+)` \|/gm)].map(([, name]) => name)
    const members = data.__type.possibleTypes.map(({ name }: { name: string }) => name)
    expect(rows.toSorted()).toEqual(members.toSorted())
  })

  it('names every runtime dependency', () => {
    const section = readme.slice(readme.indexOf('## Runtime dependencies'))
    for (const name of Object.keys(packageJson.dependencies)) {
      expect(section).toContain(`\`${name.replace('@pothos/plugin', 'plugin')}\``)
    }
  })

  it('speaks of commands that exist, and fits on a few screens', () => {
    for (const [, script = ''] of readme.matchAll(/npm run ([\w:]+)/g))
      expect(packageJson.scripts).toHaveProperty(script)
    expect(readme.split('\n').length).toBeLessThan(250)
  })
})
