import type { z } from 'zod'

/** One environment variable: its meaning, its default, and the way its text is read. */
export interface Variable<T> {
  /** One or a few sentences. A fault repeats them after the rule that the value breaks. */
  readonly meaning: string
  /**
   * The default as `docs/configuration.md` shows it. `null` if the variable may be unset. Then `meaning` says what that
   * does.
   */
  readonly default: string | null
  readonly schema: z.ZodType<T>
  /**
   * Returns `true` if a value that breaks the rule was meant for another program of the same environment. Such a value
   * counts as unset, with a line in the log. Any other value is a fault.
   */
  readonly isForeign: (text: string) => boolean
}

export type Variables = Readonly<Record<string, Variable<unknown>>>

/** The values of variables. A variable without a default has `null` if it is unset. */
export type Values<V extends Variables> = {
  readonly [N in keyof V]: V[N] extends Variable<infer T> ? T : never
}

/** A variable of this program alone, unless `isForeign` recognizes values of other programs under the same name. */
export function variable<T>(
  meaning: string,
  fallback: string,
  schema: z.ZodType<T>,
  isForeign?: Variable<T>['isForeign'],
): Variable<T>
export function variable<T>(
  meaning: string,
  fallback: null,
  schema: z.ZodType<T>,
  isForeign?: Variable<T>['isForeign'],
): Variable<T | null>
export function variable<T>(
  meaning: string,
  fallback: string | null,
  schema: z.ZodType<T>,
  isForeign: Variable<T>['isForeign'] = () => false,
): Variable<T | null> {
  return { meaning, default: fallback, schema, isForeign }
}

/** A variable of a standard. Other programs share it, so a value that this program cannot use is not a fault. */
export function sharedVariable<T>(meaning: string, fallback: string, schema: z.ZodType<T>): Variable<T>
export function sharedVariable<T>(meaning: string, fallback: null, schema: z.ZodType<T>): Variable<T | null>
export function sharedVariable<T>(
  meaning: string,
  fallback: string | null,
  schema: z.ZodType<T>,
): Variable<T | null> {
  return { meaning, default: fallback, schema, isForeign: () => true }
}
