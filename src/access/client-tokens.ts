import type { Caller } from './caller.ts'
import { findClaim } from './find-claim.ts'

/**
 * How the token of a client is known, one that no person stands behind: its subject is the client (RFC 9068,
 * section 2.2), or a claim has a value that its issuer gives to such tokens alone.
 */
export type ClientTokenMark =
  | { readonly kind: 'SUBJECT_IS_CLIENT' }
  | { readonly kind: 'CLAIM'; readonly name: string; readonly value: string }

/** Whether a token carries any of the marks. A claim that is no text has no value. */
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

/** One mark as an operator writes it: `sub-is-client`, or `claim=value`, split at the last `=`. Null: neither. */
export function parseClientTokenMark(text: string): ClientTokenMark | null {
  if (text === 'sub-is-client') return { kind: 'SUBJECT_IS_CLIENT' }
  const at = text.lastIndexOf('=')
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  return at < 1 || value === '' ? null : { kind: 'CLAIM', name, value }
}
