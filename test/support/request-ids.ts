import { expect } from 'vitest'
import type { Json } from './app.ts'

/**
 * The errors of a response, each without its `extensions.requestId`, which is another each time. Each must have it, and
 * it must be the `x-request-id` of the response.
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
