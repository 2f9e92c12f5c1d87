import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, visit } from 'graphql'
import { describe, expect, it } from 'vitest'
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
  ...pagesIn('docs'),
  ...pagesIn('docs/decisions'),
]
/** Quotes a document of operations/, whose text is a part of its id. */
const OPERATION_ROW = /^\| \[[^\n]*\]\(\.\.\/operations\/[^\n]*$/gm
/** The text of a page, or the descriptions of a schema, a paragraph each. */
function textOf(path: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8')
  if (!path.endsWith('.graphql')) return text
  const descriptions: string[] = []
  visit(parse(text), {
    StringValue: ({ value }, key) => {
      if (key === 'description') descriptions.push(value)
    },
  })
  return descriptions.join('\n\n')
}

describe.each(PAGES)('%s', page => {
  const sentences = readSentences(textOf(page).replaceAll(OPERATION_ROW, ''))

  it('has sentences of at most 25 words', () => {
    const long = sentences.filter(({ kind, text }) => kind === 'TEXT' && countWords(text) > MOST_WORDS)
    expect(long).toEqual([])
  })

  it('begins no sentence with a relative pronoun as its subject', () => {
    expect(sentences.filter(isRelativeSubject)).toEqual([])
  })

  it('has no word that the project does without', () => {
    const found = sentences.flatMap(({ line, text }) =>
      FORBIDDEN.flatMap(([pattern, better]) => (pattern.test(text) ? [{ line, text, pattern, better }] : [])),
    )
    expect(found).toEqual([])
  })
})

it.each(PAGES)('%s links to headings that are there', page => {
  const links = [...textOf(page).matchAll(/\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)/g)]
  for (const [link, path = '', anchor = ''] of links) {
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
})
