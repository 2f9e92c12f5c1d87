import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { en } from '../../../console/texts/en.ts'
import { enScreens } from '../../../console/texts/en-screens.ts'
import { zhCn } from '../../../console/texts/zh-cn.ts'
import { zhCnScreens } from '../../../console/texts/zh-cn-screens.ts'

const FOLDER = fileURLToPath(new URL('../../../console/', import.meta.url))
const SOURCES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter(path => /^(?!texts|generated).*\.tsx?$/.test(path))
  .map(path => readFileSync(FOLDER + path, 'utf8'))

/** Returns `true` if a source takes a key out of a section, by the section's own name or by another one. */
function names(source: string, section: string, key: string): boolean {
  const aliases = [
    ...source.matchAll(new RegExp(`\\b${section}: (\\w+)|(\\w+): \\w*Texts\\['${section}'\\]`, 'g')),
  ]
  return [section, ...aliases.map(([, renamed, typed]) => renamed ?? typed)].some(name =>
    new RegExp(`\\b${name}\\??\\.${key}\\b|[{,] *${key}\\b[^{}]*\\} = (?:[\\w.]+\\(\\)\\.)?${name}\\b`).test(
      source,
    ),
  )
}

it.each(Object.entries({ ...en, ...enScreens }).filter(([section]) => section !== 'failures'))(
  'some source of the console shows each text of %s',
  (section, texts) => {
    const unused = Object.keys(texts).filter(key => !SOURCES.some(source => names(source, section, key)))
    expect(unused).toEqual([])
  },
)

it('no Chinese text has Latin punctuation between Chinese words, or a blank behind a full-width mark', () => {
  const shown = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'function'
        ? [String(value(...['甲', '乙', '丙'].slice(0, value.length)))]
        : Object.values(value ?? {}).flatMap(shown)
  const wrong = shown({ ...zhCn, ...zhCnScreens }).filter(text =>
    /\p{sc=Han}[,.:;!?()] ?|[,:;!?()] ?\p{sc=Han}|[，。：；！？（）、] /u.test(text),
  )
  expect(wrong).toEqual([])
})
