import type { ResultOf } from '../api/document.ts'
import type { SearchUsersDocument } from '../generated/documents.ts'
import { useTexts } from '../texts/texts.ts'
import { toWords } from '../texts/to-words.ts'
import { type BadgeTone, StatusBadge } from './status-badge.tsx'

type Payload = ResultOf<typeof SearchUsersDocument>['findMfaUsers']
type Status = Extract<Payload, { __typename: 'FindMfaUsersSuccess' }>['people'][number]['status']

const TONES = {
  ACTIVATED: 'good',
  SUSPENDED: 'bad',
  RESIGNED: 'neutral',
  ARCHIVED: 'neutral',
  DEACTIVATED: 'warning',
} as const satisfies Record<NonNullable<Status>, BadgeTone>

/** Shows whether an account may sign in. The status is `null` if GenAuth gives none, or one that this version does not know. */
export function UserStatusBadge({ status }: { status: Status }) {
  const { common } = useTexts()
  return status === null ? (
    <StatusBadge tone="unknown">{common.unknown}</StatusBadge>
  ) : (
    <StatusBadge tone={TONES[status]}>{toWords(common.userStatuses, status)}</StatusBadge>
  )
}
