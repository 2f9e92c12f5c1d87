import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/base/parse-json.ts'
import { countSteps } from '../support/count-steps.ts'

/** A fault, or null for a text whose value is the one that `JSON.parse` makes of it. */
function judge(text: string) {
  const parsed = parseJson(text)
  if ('fault' in parsed) return parsed.fault
  expect(parsed.value).toEqual(JSON.parse(text))
  return null
}

const KILOBYTES_57 = 57 * 1024

describe('a JSON text', () => {
  it.each([
    ['at the top', '{"a":1,"a":2}'],
    ['inside', '{"v":{"i":{"userId":"A","userId":"B"}}}'],
    ['in a list', '[1,[{"a":1,"b":[],"a":{}}]]'],
    ['with the same value', '{"a":1,"a":1}'],
    ['once escaped', '{"i":{"userId":"A","user\\u0049d":"B"}}'],
    ['both escaped, in two ways', '{"\\u0061":1,"\\u0061":2}'],
    ['with a quote and a backslash in it', '{"\\"\\\\":1,"\\u0022\\u005c":2}'],
    ['that is a prototype', '{"a":{"__proto__":1,"__proto__":2}}'],
    ['that is a prototype once escaped', '{"__proto__":{},"__prot\\u006f__":{}}'],
    ['that is empty', '{"":1,"":2}'],
    ['with blanks around the colon', '{"a" \n:\t1 , "a"\r\n : 2}'],
    ['that is a number', '{"1":1,"1":2}'],
    ['behind a string of colons and braces', '{"s":"{\\":[:","a":1,"a":2}'],
  ])('has no key twice: %s', (_where, text) => {
    expect(judge(text)).toBe('DUPLICATE_KEY')
  })

  it.each([
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":1,\\"a\\":2","b":"{\\"b\\":1}"}',
    '{"a":"\\\\","b":":"}',
    '{"__proto__":1,"constructor":2,"toString":3,"hasOwnProperty":{}}',
    '{"user\\u0049d":1,"userid":2}',
    '["a","a",{"a":"a"}]',
    '"a:b"',
    'null',
    ' {"a":[1,2.5e+3,null,true]} ',
  ])('of %s is sound', text => {
    expect(judge(text)).toBeNull()
  })

  it('is found sound for whatever is printed, and faulty when any member is put there again', () => {
    const inner = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 })
    fc.assert(
      fc.property(inner, fc.jsonValue({ maxDepth: 3 }), fc.nat(4), (object, beside, depth) => {
        const wrap = (text: string) =>
          `${'{"w":['.repeat(depth)}${text},${JSON.stringify(beside)}${']}'.repeat(depth)}`
        const text = JSON.stringify(object)
        const [[key, value]] = Object.entries(object) as [[string, unknown]]
        const again = `{${JSON.stringify(key)}:${JSON.stringify(value)},${text.slice(1)}`
        expect(judge(depth === 0 ? text : wrap(text))).toBeNull()
        expect(judge(depth === 0 ? again : wrap(again))).toBe('DUPLICATE_KEY')
      }),
    )
  })

  it('is at most 64 levels deep', () => {
    expect(judge(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeNull()
    expect(judge(`${'['.repeat(65)}${']'.repeat(65)}`)).toBe('TOO_DEEP')
    expect(judge(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).toBe('TOO_DEEP')
  })

  it.each([
    ['blanks before a list of strings', (size: number) => `${' '.repeat(size / 2)}[${list('""', size / 6)}]`],
    ['strings of backslashes', (size: number) => `[${list(`"${'\\\\'.repeat(40)}"`, size / 83)}]`],
    ['strings of escaped quotes', (size: number) => `"${'\\"'.repeat(size / 2)}"`],
    ['keys with blanks behind them', (size: number) => `{${members(size / 60, ' '.repeat(50))}}`],
    ['many keys', (size: number) => `{${members(size / 9, '')}}`],
    ['many objects', (size: number) => `[${list('{"a":{}}', size / 9)}]`],
  ])('takes steps in proportion to the size of %s', async (_what, toText) => {
    const stepsOf = (size: number) => countSteps('base/parse-json', () => parseJson(toText(size)))
    const few = await stepsOf(KILOBYTES_57 / 8)
    expect(few).toBeGreaterThan(KILOBYTES_57 / 8)
    expect(few).toBeLessThan((KILOBYTES_57 / 8) * 6)
    expect(await stepsOf(KILOBYTES_57)).toBeLessThan(few * 9)
  })
})

function list(item: string, count: number): string {
  return Array(Math.floor(count)).fill(item).join(',')
}

function members(count: number, blanks: string): string {
  return Array.from({ length: Math.floor(count) }, (_, index) => `"${index}"${blanks}:1`).join(',')
}
