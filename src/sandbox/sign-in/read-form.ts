import type { IncomingMessage } from 'node:http'
import { type Parameters, toParameters } from './parameters.ts'

const MAX_FORM_BYTES = 16 * 1024
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i

export type Form =
  | { readonly kind: 'FORM'; readonly parameters: Parameters }
  | { readonly kind: 'NOT_A_FORM' }
  | { readonly kind: 'TOO_LARGE' }

/** Reads a form of at most 16 KB. The rest of a larger one is not read, so its connection must be closed. */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const isForm = FORM_TYPE.test(request.headers['content-type'] ?? '')
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_FORM_BYTES) return { kind: 'TOO_LARGE' }
    chunks.push(chunk)
  }
  if (!isForm) return { kind: 'NOT_A_FORM' }
  return {
    kind: 'FORM',
    parameters: toParameters(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))),
  }
}
