import { z } from 'zod'
import { listUpTo, plainText } from '../lenient.ts'
import { areShortEnough, MAX_FACTORS } from './factor-limits.ts'

/**
 * The `data` of every call about factors of a pool or an application: the codes of those that are on, each once.
 *
 * An unreadable entry makes the whole list unreadable. It may be any factor. Without it, the server would report a
 * factor that is on as off.
 */
export const factorCodesData = z
  .object({ enabledFactors: listUpTo(MAX_FACTORS, plainText.nullable()) })
  .transform(({ enabledFactors }): readonly string[] => [
    ...new Set(enabledFactors.filter(code => code !== null)),
  ])
  .refine(areShortEnough)
