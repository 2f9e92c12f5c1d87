import { z } from 'zod'
import type { Population } from '../../coverage/population.ts'
import { ACCOUNT_STATUSES } from '../../mfa/account.ts'

const texts = z.array(z.string())

/** The order of its keys is that of the text. */
const populationSchema = z.object({
  departments: z.array(
    z.object({ organizationCode: z.string(), departmentId: z.string(), includesChildren: z.boolean() }),
  ),
  groups: texts,
  statuses: z.array(z.enum(ACCOUNT_STATUSES)),
  signedInTo: texts,
  lastSignInAfterMs: z.number().nullable(),
  lastSignInBeforeMs: z.number().nullable(),
  exceptUserIds: texts,
  exceptGroups: texts,
})

/** Returns the same text for the same population, whatever the order of its keys and values is. */
export function toPopulationText(population: Population): string {
  const plain = populationSchema.parse(population)
  const sorted = Object.entries(plain).map(([name, value]) => [
    name,
    Array.isArray(value)
      ? value
          .map(one => JSON.stringify(one))
          .toSorted()
          .map(one => JSON.parse(one))
      : value,
  ])
  return JSON.stringify(Object.fromEntries(sorted))
}

/** @throws an error if the text was not written by `toPopulationText` */
export function parsePopulation(text: string): Population {
  return populationSchema.parse(JSON.parse(text))
}
