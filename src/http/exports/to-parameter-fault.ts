import { badRequest, type RequestRefused } from '../request-refused.ts'

/** Returns the refusal of a request for one of its parameters. `path` begins with the name of the parameter. */
export function toParameterFault(path: readonly PropertyKey[] | undefined, message: string): RequestRefused {
  return badRequest(`\`${String(path?.[0])}\`: ${message}`)
}
