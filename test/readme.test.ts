import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VARIABLES } from '../src/config-variables.ts'
import { startApp } from './support/app.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

describe('README', () => {
  it('lists every variable with its default and meaning, and no other', () => {
    const rows = Object.entries(VARIABLES).map(
      ([name, { default: fallback, meaning }]) =>
        `| \`${name}\` | ${fallback === null ? '' : `\`${fallback}\``} | ${meaning} |`,
    )
    const table = /\| variable \| default \| meaning \|\n\|---\|---\|---\|\n((?:\|.*\n)*)/.exec(readme)?.[1]
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
    expect(JSON.parse(sent.text)).toEqual(JSON.parse(answer))
  })

  it('gives documents that are valid and run', async () => {
    await using app = await startApp()
    const documents = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, document = '']) => document)
    expect(documents).toHaveLength(2)
    for (const document of documents) {
      const { data, errors } = await app.graphql(document)
      expect(errors).toEqual([])
      expect(JSON.stringify(data)).not.toContain('"code":"INVALID_INPUT"')
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
