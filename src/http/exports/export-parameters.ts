import { z } from 'zod'
import { parseTime } from '../../base/parse-time.ts'
import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import { ACCOUNT_STATUSES } from '../../mfa/account.ts'
import { MFA_POSTURES } from '../../mfa/bindings.ts'
import { MFA_FACTOR_TYPES } from '../../mfa/factor.ts'
import { badRequest } from '../request-refused.ts'
import { toParameterFault } from './to-parameter-fault.ts'

/** The wishes in the query of an export. */
export interface ExportParameters {
  readonly hasPeople: boolean
  readonly filter: CoverageFilter
}

const oneOf = <V extends string>(values: readonly V[]) => z.enum(values, `Send one of ${values.join(', ')}.`)
const once = <V extends z.ZodType>(value: V) =>
  z
    .array(value)
    .max(1, 'Send it once.')
    .transform(values => values[0] ?? null)
    .default(null)
const repeated = <V extends z.ZodType>(value: V) => z.array(value).nullable().default(null)
const yesOrNo = oneOf(['true', 'false']).transform(text => text === 'true')
const time = z
  .string()
  .transform(parseTime)
  .pipe(
    z.date(
      'Send a time such as 2026-10-01T00:00:00Z. Write a + in it as %2B. Its year in UTC has four digits.',
    ),
  )
  .transform(date => date.getTime())

/** All but `people` have the names of `MfaCoverageFilter`. Those of its lists may be repeated. */
const parametersSchema = z.object({
  people: once(z.literal('1', 'Send `people=1`, or leave it out.')),
  postures: repeated(oneOf(MFA_POSTURES)),
  withoutBoundFactor: once(yesOrNo),
  boundFactor: once(oneOf(MFA_FACTOR_TYPES)),
  notBoundFactor: once(oneOf(MFA_FACTOR_TYPES)),
  neverVerified: once(yesOrNo),
  lastMfaBefore: once(time),
  lastSignInAfter: once(time),
  lastSignInBefore: once(time),
  departmentIds: repeated(z.string()),
  statuses: repeated(oneOf(ACCOUNT_STATUSES)),
})

/**
 * Reads the query of an export.
 *
 * @throws RequestRefused 400, which names the parameter at fault and never repeats its value
 */
export function readExportParameters(query: URLSearchParams): ExportParameters {
  const names = new Set(query.keys())
  for (const name of names) {
    if (!Object.hasOwn(parametersSchema.shape, name)) throw toUnknown(name)
  }
  const sent = Object.fromEntries([...names].map(name => [name, query.getAll(name)]))
  const parsed = parametersSchema.safeParse(sent)
  if (!parsed.success) {
    const [fault] = parsed.error.issues
    throw toParameterFault(fault?.path, fault?.message ?? 'It is not valid.')
  }
  const { people, lastMfaBefore, lastSignInAfter, lastSignInBefore, ...others } = parsed.data
  return {
    hasPeople: people !== null,
    filter: {
      ...others,
      lastMfaBeforeMs: lastMfaBefore,
      lastSignInAfterMs: lastSignInAfter,
      lastSignInBeforeMs: lastSignInBefore,
    },
  }
}

/** Only a text of letters is repeated. Another one may be a phone or an address, and not a name. */
function toUnknown(name: string) {
  const named = /^[a-z_]{1,40}$/i.test(name) ? `the parameter \`${name}\`` : 'a parameter'
  return badRequest(`An export does not know ${named}. Send \`people\`, or fields of MfaCoverageFilter.`)
}
