import type { ResultOf } from '../api/document.ts'
import type { userMfaFields } from '../generated/documents.ts'
import { useTexts } from '../texts/texts.ts'
import { toWords } from '../texts/to-words.ts'
import { type BadgeTone, StatusBadge } from './status-badge.tsx'

type Posture = ResultOf<typeof userMfaFields>['posture']

const TONES = {
  PROTECTED: 'good',
  PENDING: 'warning',
  UNPROTECTED: 'bad',
  UNKNOWN: 'unknown',
} as const satisfies Record<NonNullable<Posture>, BadgeTone>

/** Shows how a person is protected. `null` counts as unknown. */
export function PostureBadge({ posture }: { posture: Posture }) {
  const { common } = useTexts()
  const shown = posture ?? 'UNKNOWN'
  return <StatusBadge tone={TONES[shown]}>{toWords(common.postures, shown)}</StatusBadge>
}
