import { type BadgeTone, StatusBadge } from '../../parts/status-badge.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { OUTCOME_KINDS, type Outcome, type OutcomeKind } from './outcome.ts'

export const OUTCOME_TONES = {
  WOULD_CHANGE: 'warning',
  APPLIED: 'good',
  NOT_NEEDED: 'neutral',
  UNCHANGED: 'neutral',
  REFUSED: 'bad',
  UNKNOWN: 'unknown',
  NOT_ATTEMPTED: 'neutral',
} as const satisfies Record<OutcomeKind, BadgeTone>

/** Returns how many people have each kind of result. Kinds that nobody has are left out. */
export function countOutcomes(
  outcomes: ReadonlyMap<string, Outcome>,
): readonly { readonly kind: OutcomeKind; readonly count: number }[] {
  const all = [...outcomes.values()]
  return OUTCOME_KINDS.flatMap(kind => {
    const count = all.filter(outcome => outcome.kind === kind).length
    return count === 0 ? [] : [{ kind, count }]
  })
}

/** How many people have each kind of result. */
export function Summary({ outcomes }: { outcomes: ReadonlyMap<string, Outcome> }) {
  const { several } = useScreenTexts()
  return (
    <ul class="badges">
      {countOutcomes(outcomes).map(({ kind, count }) => (
        <li key={kind}>
          <StatusBadge tone={OUTCOME_TONES[kind]}>{several.countOf(count, several.kinds[kind])}</StatusBadge>
        </li>
      ))}
    </ul>
  )
}
