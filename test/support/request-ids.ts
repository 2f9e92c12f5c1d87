import { expect } from 'vitest'
import type { Json } from './app.ts'

/**
 * Returns the errors of a response, each without its `extensions.requestId`, which differs each time. Each error must
 * have it, and it must equal the `x-request-id` of the response.
 *
 * @param requestId the value of that header
 */
export function takeErrors(requestId: string | null | undefined, text: string): Json[] {
  const { errors = [] } = JSON.parse(text)
  return errors.map(({ extensions, ...error }: Json) => {
    const { requestId: named, ...others } = extensions
    expect(named).toBe(requestId)
    expect(named).toMatch(/^[\w.:-]{1,128}$/)
    return { ...error, extensions: others }
  })
}
