import type { UpstreamFailure } from '../../mfa/failure.ts'
import type { ScanFailure } from '../scan.ts'
import type { ListPlace } from './list-place.ts'
import type { Called } from './scan-calls.ts'
import type { UserList } from './user-list.ts'

/** Why a page of a list could not be read. */
export type ListFault =
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  /** GenAuth does not work at the moment. */
  | { readonly kind: 'UNANSWERED' }
  /** GenAuth works, and shows no page so far from the beginning. */
  | { readonly kind: 'BEYOND' }

/** Finds out why a page could not be read. If it is not the first one, the first one tells whether GenAuth works. */
export async function findListFault(
  list: UserList,
  { page, fromMs }: ListPlace,
  called: Exclude<Called<unknown>, { kind: 'ANSWERED' }>,
): Promise<ListFault> {
  const lasting = called.kind === 'REFUSED' ? toLastingFailure(called.failure) : null
  if (lasting !== null) return { kind: 'FAILED', failure: lasting }
  if (called.kind === 'UNANSWERED' && !called.isSent) return { kind: 'UNANSWERED' }
  if (page === 1 && fromMs === null) {
    return called.kind === 'REFUSED'
      ? { kind: 'FAILED', failure: 'OPERATION_REFUSED' }
      : { kind: 'UNANSWERED' }
  }
  const first = await list.read(1, null)
  return { kind: first.kind === 'ANSWERED' ? 'BEYOND' : 'UNANSWERED' }
}

/** Returns the failure of a scan whose call was refused for a reason that no other page or window changes. */
export function toLastingFailure({ kind }: UpstreamFailure): ScanFailure | null {
  switch (kind) {
    case 'PLAN_REQUIRED':
    case 'UPSTREAM_FORBIDDEN':
      return kind
    case 'USER_NOT_FOUND':
      return 'POPULATION_GONE'
    default:
      return null
  }
}
