import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

it('the package holds what src and pages are built to, the schema, README and licence, and nothing else', () => {
  // Without scripts: dist is built, and other tests are using it.
  const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ files }] = JSON.parse(printed)
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
  const built = sources.filter(path => path.endsWith('.ts')).map(path => `dist/${path.replace(/ts$/, 'js')}`)
  const found: string[] = files.map(({ path }: { path: string }) => path)
  const page = found.filter(path => path.startsWith('dist/pages/'))
  expect(page.filter(path => !/\/graphiql\/[\w.-]+-[\w-]{8}\.\w+\.(br|gz)$/.test(path))).toEqual([
    'dist/pages/index.html',
  ])
  const expected = [
    ...built,
    ...page,
    'LICENSE',
    'README.md',
    'package.json',
    'schema.api.graphql',
    'schema.graphql',
  ]
  expect(found.toSorted()).toEqual(expected.toSorted())
})
