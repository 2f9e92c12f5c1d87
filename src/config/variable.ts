import type { z } from 'zod'

/** One environment variable: what it is for, what stands in its place when unset, and how it is read. */
export interface Variable<T> {
  readonly meaning: string
  /** As `docs/configuration.md` shows it; null: unset means off, or is explained by `meaning`. */
  readonly default: string | null
  readonly schema: z.ZodType<T>
  /**
   * Asked about a value that does not fit: whether it was meant for another program that has the same environment. Then
   * it counts as unset, and the log says so; any other is a fault.
   */
  readonly isForeign: (text: string) => boolean
}

/** A variable of this program's own, unless `isForeign` knows values of others under the same name. */
export function variable<T>(
  meaning: string,
  fallback: string | null,
  schema: z.ZodType<T>,
  isForeign: Variable<T>['isForeign'] = () => false,
): Variable<T> {
  return { meaning, default: fallback, schema, isForeign }
}

/** A variable of a standard: programs of one environment share it, and what one of them cannot use is no fault. */
export function sharedVariable<T>(
  meaning: string,
  fallback: string | null,
  schema: z.ZodType<T>,
): Variable<T> {
  return variable(meaning, fallback, schema, () => true)
}
