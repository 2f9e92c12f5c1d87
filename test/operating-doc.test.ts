import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../', import.meta.url)
const PAGES = ['operating', 'troubleshooting', 'journal', 'writes-in-doubt', 'secrets', 'network']
const text = PAGES.map(page => readFileSync(new URL(`docs/${page}.md`, ROOT), 'utf8')).join('\n')
const source = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && !path.startsWith('sandbox'))
  .map(path => readFileSync(new URL(`src/${path}`, ROOT), 'utf8'))
  .join('\n')
const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = '']) => words)

const COMMANDS = /^(cp|ls|docker|npm|npx|kill|kubectl|openssl|\{)/

describe('the pages of docs/ for operators', () => {
  it('quotes texts that the program has', () => {
    const texts = quoted.filter(words => / \w+ /.test(words) && !COMMANDS.test(words))
    expect(texts.length).toBeGreaterThan(15)
    for (const words of texts) expect(source).toContain(words.replace('Line N', `Line ${'$'}{line}`))
  })

  it('names variables, codes and reasons that the program has', () => {
    const names = quoted.filter(word => /^[A-Z][A-Z_]{3,}$/.test(word))
    expect(names.length).toBeGreaterThan(20)
    const ofSystem = ['SIGHUP', 'SIGTERM', 'ENOSPC', 'EBADENGINE']
    for (const name of names) if (!ofSystem.includes(name)) expect(source).toContain(name)
  })

  it('links to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(20)
    for (const link of links) {
      expect([link, existsSync(new URL(`docs/${link}`, ROOT))]).toEqual([link, true])
    }
  })
})
