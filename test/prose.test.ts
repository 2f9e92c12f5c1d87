import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, visit } from 'graphql'
import { describe, expect, it } from 'vitest'
import { toCommentText } from './support/comments.ts'
import { countWords, FORBIDDEN, isRelativeSubject, readSentences, toAnchor } from './support/prose.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MOST_WORDS = 25
const pagesIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`)

/** Everything that is read as prose; of a schema its descriptions. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'bench/README.md',
  'schema.graphql',
  'examples/supergraph/README.md',
  'examples/react/README.md',
  ...pagesIn('docs'),
  ...pagesIn('docs/decisions'),
]
const SOURCE = /\.(?:tsx?|[cm]?js)$/
/** The folders and files whose comments are read. Add another one when its comments pass. */
const COMMENTED = [
  ...[
    'src/access',
    'src/base',
    'src/cli',
    'src/config',
    'src/journal',
    'src/locks',
    'src/redis',
    'src/sandbox',
  ],
  ...['src/log.ts', 'src/main.ts', 'src/oldest-node.ts', 'src/package-version.ts', 'src/readable-log.ts'],
  ...[
    'src/replicas.ts',
    'bench',
    'bench/src',
    'bench/support',
    'examples/caching',
    'examples/supergraph',
    'pages',
    'test/support',
  ],
  'console',
  ...['examples/typed-clients/src', 'examples/typed-clients/test'],
  ...['examples/react/src', 'examples/react/test'],
  'src/throttle',
  ...['src/execution', 'src/http', 'src/telemetry'],
  ...['src/mfa', 'src/schema', 'src/app.ts', 'src/app-events.ts', 'src/host.ts'],
  ...['src/protect-users.ts', 'src/rotate-secrets.ts', 'src/start-upstream.ts'],
  'src/genauth',
]
/** The sources of a folder. Of a package, whose folder also holds its `node_modules`, only those at the top. */
function sourcesOf(name: string): readonly string[] {
  if (name.endsWith('.ts')) return [name]
  const recursive = !existsSync(join(ROOT, name, 'package.json'))
  return readdirSync(join(ROOT, name), { recursive, encoding: 'utf8' })
    .filter(path => SOURCE.test(path))
    .map(path => `${name}/${path}`)
}
const TEXTS: readonly (readonly [name: string, paths: readonly string[]])[] = [
  ...PAGES.map(page => [page, [page]] as const),
  ...COMMENTED.map(name => [`the comments of ${name}`, sourcesOf(name)] as const),
]
/** Such as "`null`: unknown." */
const BARE_VALUE = /(?:^|[.!?;] )`?(?:null|undefined|true|false)`?:.*/gim
/** Quotes a document of operations/, whose text is a part of its id. */
const OPERATION_ROW = /^\| \[[^\n]*\]\(\.\.\/operations\/[^\n]*$/gm
/** The text of a page, the descriptions of a schema or the comments of a source, a paragraph each. */
function textOf(path: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8')
  if (SOURCE.test(path)) return toCommentText(text)
  if (!path.endsWith('.graphql')) return text
  const descriptions: string[] = []
  visit(parse(text), {
    StringValue: ({ value }, key) => {
      if (key === 'description') descriptions.push(value)
    },
  })
  return descriptions.join('\n\n')
}

describe.each(TEXTS)('%s', (_name, paths) => {
  const sentences = paths.flatMap(path =>
    readSentences(textOf(path).replaceAll(OPERATION_ROW, '')).map(sentence => ({ path, ...sentence })),
  )

  it('has sentences of at most 25 words', () => {
    const long = sentences.filter(({ kind, text }) => kind === 'TEXT' && countWords(text) > MOST_WORDS)
    expect(long).toEqual([])
  })

  it('begins no sentence with a relative pronoun as its subject', () => {
    expect(sentences.filter(isRelativeSubject)).toEqual([])
  })

  it('has no word that the project does without', () => {
    const found = sentences.flatMap(({ path, line, text }) =>
      FORBIDDEN.flatMap(([pattern, better]) =>
        pattern.test(text) ? [{ path, line, text, pattern, better }] : [],
      ),
    )
    expect(found).toEqual([])
  })
})

it.each(COMMENTED)('the comments of %s say in a sentence what null, true and false mean', name => {
  const found = sourcesOf(name).flatMap(path =>
    (textOf(path).match(BARE_VALUE) ?? []).map(text => ({ path, text })),
  )
  expect(found).toEqual([])
})

/** The links of a page that name a heading. */
function linksOf(page: string): RegExpExecArray[] {
  return [...textOf(page).matchAll(/\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)/g)]
}

it('the pages have links to headings', () => {
  expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(50)
})

it.each(PAGES)('%s links to headings that are there', page => {
  for (const [link, path = '', anchor = ''] of linksOf(page)) {
    const target = path === '' ? page : normalize(join(dirname(page), path))
    const headings = existsSync(join(ROOT, target)) ? textOf(target).match(/^#+ .*$/gm) : []
    expect((headings ?? []).map(toAnchor), link).toContain(anchor)
  }
})

it.each(pagesIn('docs').filter(page => !/README/.test(page)))('%s has one question as its title', page => {
  expect(textOf(page).split('\n')[0]).toMatch(/^# .+\?$/)
})

describe('the check itself', () => {
  it.each([
    ['Whoever has no token is refused.', 1],
    ['Why is it so? What is left over is refused.', 1],
    ['What is left over?', 0],
    ['| sign | What GenAuth says |', 1],
  ])('finds the relative subjects of: %s', (text, count) => {
    expect(readSentences(text).filter(isRelativeSubject)).toHaveLength(count)
  })

  it.each([
    ['Set `A`, `B`, `C` and `D` to one, as [this page](there.md) says.', 8],
    ['**Bold** words *count* once - dashes do not.', 7],
  ])('counts the words of: %s', (text, words) => {
    expect(readSentences(text).map(sentence => countWords(sentence.text))).toEqual([words])
  })

  it('reads lists, tables and paragraphs apart, and no code', () => {
    const text =
      '# One?\n\nTwo. Three\nfour:\n\n- five\n  six\n\n```sh\nseven\n```\n\n| eight | nine |\n|---|---|\n'
    expect(readSentences(text).map(sentence => sentence.text)).toEqual([
      'One?',
      'Two.',
      'Three four:',
      'five six',
      'eight',
      'nine',
    ])
  })

  it('reads the comments of a source apart, at their lines', () => {
    const source = [
      '/**',
      ' * One. Two',
      ' * three.',
      ' *',
      ' * @param four is five',
      ' */',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the source
      'const text = `${"// six"} // seven` // eight',
    ].join('\n')
    expect(readSentences(toCommentText(source)).map(({ line, text }) => [line, text])).toEqual([
      [2, 'One.'],
      [2, 'Two three.'],
      [5, 'is five'],
      [7, 'eight'],
    ])
  })
})
