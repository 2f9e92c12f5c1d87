import { type BadgeTone, StatusBadge } from '../../parts/status-badge.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { HistoryEntry } from './use-history.ts'

type Outcome = NonNullable<HistoryEntry['outcome']>

const TONES = {
  APPLIED: 'good',
  NOT_APPLIED: 'neutral',
  UNKNOWN: 'unknown',
} as const satisfies Record<Outcome, BadgeTone>

interface OutcomeProps {
  readonly entry: Pick<HistoryEntry, 'outcome' | 'followUp'>
}

/** Says whether a change was made. */
export function OutcomeBadge({ entry: { outcome } }: OutcomeProps) {
  const { history } = useScreenTexts()
  if (outcome === null) return <StatusBadge tone="unknown">{history.outcomeOpen}</StatusBadge>
  return <StatusBadge tone={TONES[outcome]}>{toWords(history.outcomes, outcome)}</StatusBadge>
}

/** Says what is known of a change whose outcome is not. */
export function OutcomeHelp({ entry: { outcome, followUp } }: OutcomeProps) {
  const { history } = useScreenTexts()
  if (outcome === null) return <p>{history.openHelp}</p>
  if (outcome !== 'UNKNOWN') return null
  return <p>{followUp === null ? history.noFollowUp : toWords(history.followUps, followUp)}</p>
}
