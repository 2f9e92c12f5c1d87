import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readTextFile } from '../../src/base/read-text-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-text-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TEXT = 'a text, 一段文字\r\n'
const UTF_16 = { fault: 'must be UTF-8 text: it is UTF-16' }

function read(content: Buffer | string) {
  const path = join(folder, 'file')
  writeFileSync(path, content)
  return readTextFile(path, 1_000)
}

it.each<[what: string, content: Buffer | string, expected: ReturnType<typeof readTextFile>]>([
  ['a text', TEXT, { text: TEXT }],
  ['a text behind a byte order mark', `\uFEFF${TEXT}`, { text: TEXT }],
  ['a text with such a mark within, where it counts', `a\uFEFFb`, { text: 'a\uFEFFb' }],
  ['nothing', '', { text: '' }],
  ['a byte order mark alone', '\uFEFF', { text: '' }],
  ['UTF-16 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), UTF_16],
  ['UTF-16 without one', Buffer.from(TEXT, 'utf16le'), UTF_16],
  ['UTF-16, the large byte first', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16(), UTF_16],
  ['that without a mark', Buffer.from(TEXT, 'utf16le').swap16(), UTF_16],
  ['another encoding', Buffer.from('é', 'latin1'), { fault: 'must be UTF-8 text' }],
  ['a zero byte', 'secret\0', { fault: 'must be text without zero bytes' }],
  ['the largest text', 'x'.repeat(1_000), { text: 'x'.repeat(1_000) }],
  ['a text that is too large', 'x'.repeat(1_001), { fault: 'must have at most 1000 bytes' }],
])('reads a file that holds %s', (_what, content, expected) => {
  expect(read(content)).toEqual(expected)
})
