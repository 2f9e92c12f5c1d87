import { z } from 'zod'

/** The forms of values that variables of several sections share. Each rule begins with `must`. */

export const word = z.string('must be text')
export const port = wholeNumber(0, 65_535)
export const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform(value => value === 'on')
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
export const headerValue = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')

/** A number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine(value => value >= min && value <= max, error)
}

/** Values separated by commas. Blanks around them do not count. */
export function list(item: z.ZodType<string, string>): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform(text => text.split(',').map(part => part.trim()))
    .pipe(z.array(item))
}

/** The result of `parse` for a text. A `null` from it means that the text breaks the rule. */
export function parsed<T>(parse: (text: string) => T | null, error: string): z.ZodType<T> {
  return z.string().transform((text, context) => {
    const value = parse(text)
    if (value !== null) return value
    context.addIssue({ code: 'custom', message: error })
    return z.NEVER
  })
}

/** Recognizes values that Kubernetes (`METRICS_PORT=tcp://…` for a Service named `metrics`) and Docker's links set. */
export function isServiceLink(text: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//i.test(text)
}
