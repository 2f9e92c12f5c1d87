import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['docs', 'operations', 'examples']
/** They are looked at in the repository. An installed package has no use for them. */
const isPicture = (path: string) => /^docs\/console\/[\w-]+\.jpg$/.test(path)

// Without scripts: dist is built, and other tests are using it.
const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
})
const [{ files }] = JSON.parse(printed)
const sizeOf = (beginning: string): number =>
  files
    .filter(({ path }: { path: string }) => path.startsWith(beginning))
    .reduce((sum: number, { size }: { size: number }) => sum + size, 0)
const packed: readonly string[] = files.map(({ path }: { path: string }) => path)

/** Files below a folder, without what was installed or is npm's own setting. */
function list(folder: string, without = /(^|\/)(node_modules|dist|generated|\.npmrc)(\/|$)/): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map(path => `${folder}/${path}`)
    .filter(path => !without.test(path) && statSync(join(ROOT, path)).isFile())
}

/** Where the links of a packed text lead, by paths of the package. */
function linksOf(path: string) {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter(target => !/^[a-z]+:/.test(target))
    .map(target => normalize(join(dirname(path), target)).replace(/\/$/, ''))
}

describe('the package', () => {
  it('holds what src and pages are built to, the schema, what its texts link to, and nothing else', () => {
    const sources = list('src').filter(path => path.endsWith('.ts'))
    const built = sources.map(path => path.replace(/^src/, 'dist').replace(/ts$/, 'js'))
    const page = packed.filter(path => path.startsWith('dist/pages/'))
    const isAsset = (path: string) =>
      /\/(?:graphiql|console\/assets)\/[\w.-]+-[\w-]{8}\.\w+\.(br|gz)$/.test(path)
    expect(page.filter(path => !isAsset(path))).toEqual([
      'dist/pages/console/index.html',
      'dist/pages/index.html',
    ])
    const bundle = list('dist/bundle', /\.map$/)
    expect(bundle).toEqual(expect.arrayContaining(['dist/bundle/main.js', 'dist/bundle/NOTICES.txt']))
    const single = [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'bench/README.md',
      'package.json',
    ]
    const schemas = ['possibleTypes.json', 'schema.api.graphql', 'schema.graphql']
    const folders = FOLDERS.flatMap(folder => list(folder)).filter(path => !isPicture(path))
    const expected = [...built, ...bundle, ...page, ...single, ...schemas, ...folders]
    expect(packed.toSorted()).toEqual(expected.toSorted())
  })

  it('grows by less than 1 MB through the console', () => {
    expect(sizeOf('dist/pages/console/')).toBeGreaterThan(10_000)
    expect(sizeOf('dist/pages/console/')).toBeLessThan(1_000_000)
  })

  it.each(packed.filter(path => path.endsWith('.md')))('holds everything that %s links to', path => {
    const pictures = list('docs').filter(isPicture)
    const missing = linksOf(path).filter(
      target => ![...packed, ...pictures].some(file => file === target || file.startsWith(`${target}/`)),
    )
    expect(missing).toEqual([])
  })
})
