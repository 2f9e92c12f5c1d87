import { tellMfaFailure } from '../../api/tell-failure.ts'
import { type Warning, WarningText } from '../../parts/change-warnings.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Outcome } from './outcome.ts'
import { OUTCOME_TONES } from './summary.tsx'

/** The result of one person: what it is, and why. */
export function OutcomeCell({ outcome }: { outcome: Outcome | null }) {
  const { several } = useScreenTexts()
  if (outcome === null) return null
  return (
    <div>
      <StatusBadge tone={OUTCOME_TONES[outcome.kind]}>{several.kinds[outcome.kind]}</StatusBadge>
      <Detail outcome={outcome} />
    </div>
  )
}

function Detail({ outcome }: { outcome: Outcome }) {
  const { several, common, failures } = useScreenTexts()
  const names: Readonly<Record<string, string>> = common.factors
  switch (outcome.kind) {
    case 'WOULD_CHANGE':
    case 'APPLIED': {
      const changes = outcome.changes.map(({ code, isOn }) =>
        several.changes[isOn ? 'on' : 'off'](names[code] ?? code),
      )
      return (
        <>
          <div>{changes.join(common.between)}</div>
          <Warnings warnings={outcome.warnings} />
        </>
      )
    }
    case 'NOT_NEEDED':
    case 'UNCHANGED':
      return <Warnings warnings={outcome.warnings} />
    case 'REFUSED':
    case 'NOT_ATTEMPTED': {
      const { title, explanation, nextStep } = tellMfaFailure(outcome.failure, failures)
      // A rule says enough, and takes less room in fifty rows.
      const rule = failures.rules[outcome.failure.rule ?? '']
      if (rule !== undefined) return <div>{rule}</div>
      return (
        <div>
          {title}
          {common.stop}
          {[explanation, nextStep].join(common.gap)}
        </div>
      )
    }
    case 'UNKNOWN':
      return <div>{several.unknownHelp}</div>
  }
}

function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <>
      {warnings.map(warning => (
        <div key={warning.code}>
          ! <WarningText {...warning} />
        </div>
      ))}
    </>
  )
}
