import { expect, it } from 'vitest'
import { parseFactorsText, toFactorsText } from '../../src/store/changes/factors-text.ts'

const on = (code: string, sort: number) => ({ code, enabled: true, sort })
const off = (code: string, sort: number) => ({ code, enabled: false, sort })

it.each([
  ['', []],
  ['SMS+', [on('SMS', 0)]],
  ['OTP-FACE+PASS_KEY-', [off('OTP', 0), on('FACE', 1), off('PASS_KEY', 2)]],
  ['[["SMS",1,1]]', [on('SMS', 1)]],
  ['[["SMS",1,0],["OTP",0,0]]', [on('SMS', 0), off('OTP', 0)]],
  ['[["OTP",0,1],["SMS",1,0]]', [off('OTP', 1), on('SMS', 0)]],
  ['[["",1,0]]', [on('', 0)]],
  ['[["A+B-",1,0]]', [on('A+B-', 0)]],
  ['[["[",0,-0.5]]', [off('[', -0.5)]],
])('%s stands for these factors', (text, factors) => {
  expect(toFactorsText(factors)).toBe(text)
  expect(parseFactorsText(text)).toEqual(factors)
})
