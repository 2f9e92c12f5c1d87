import { z } from 'zod'
import type { MfaFactor } from '../../mfa/factor.ts'

const tuples = z.array(z.tuple([z.string(), z.union([z.literal(0), z.literal(1)]), z.number()]))
const USUAL_CODE = /^[A-Z_]+$/
const USUAL = /([A-Z_]+)([+-])/g

/**
 * Returns a short text. Usual codes in the order of their `sort` from 0 on are `SMS+OTP-`. Any others are the JSON of
 * `[code, enabled, sort]` for each factor.
 */
export function toFactorsText(factors: readonly MfaFactor[]): string {
  const isUsual = factors.every(({ code, sort }, n) => sort === n && USUAL_CODE.test(code))
  return isUsual
    ? factors.map(({ code, enabled }) => `${code}${enabled ? '+' : '-'}`).join('')
    : JSON.stringify(factors.map(({ code, enabled, sort }) => [code, Number(enabled), sort]))
}

/** @throws an error if the text was not written by `toFactorsText` */
export function parseFactorsText(text: string): MfaFactor[] {
  if (!text.startsWith('[')) {
    return Array.from(text.matchAll(USUAL), ([, code = '', sign], sort) => ({
      code,
      enabled: sign === '+',
      sort,
    }))
  }
  return tuples
    .parse(JSON.parse(text))
    .map(([code, enabled, sort]) => ({ code, enabled: enabled === 1, sort }))
}
