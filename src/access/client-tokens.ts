import type { Caller } from './caller.ts'
import { findClaim } from './find-claim.ts'

/**
 * Recognizes the token of a client, without a person behind it. Either its subject is the client (RFC 9068, section
 * 2.2), or a claim has a value that the issuer gives only to such tokens.
 */
export type ClientTokenMark =
  | { readonly kind: 'SUBJECT_IS_CLIENT' }
  | { readonly kind: 'CLAIM'; readonly name: string; readonly value: string }

/** Returns `true` if a token carries any of the marks. A claim that is not text never matches. */
export function isClientToken(
  payload: Readonly<Record<string, unknown>>,
  caller: Pick<Caller, 'subject' | 'client'>,
  marks: readonly ClientTokenMark[],
): boolean {
  return marks.some(mark => carries(payload, caller, mark))
}

function carries(
  payload: Readonly<Record<string, unknown>>,
  { subject, client }: Pick<Caller, 'subject' | 'client'>,
  mark: ClientTokenMark,
): boolean {
  switch (mark.kind) {
    case 'SUBJECT_IS_CLIENT':
      return subject === client
    case 'CLAIM':
      return findClaim(payload, mark.name) === mark.value
  }
}

/** Parses one mark: `sub-is-client`, or `claim=value`, split at the last `=`. Returns `null` for any other text. */
export function parseClientTokenMark(text: string): ClientTokenMark | null {
  if (text === 'sub-is-client') return { kind: 'SUBJECT_IS_CLIENT' }
  const at = text.lastIndexOf('=')
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  return at < 1 || value === '' ? null : { kind: 'CLAIM', name, value }
}
