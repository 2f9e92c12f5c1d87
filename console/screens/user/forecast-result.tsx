import { useEffect } from 'preact/hooks'
import type { ResultOf } from '../../api/document.ts'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { ForecastSignInDocument } from '../../generated/documents.ts'
import { FactorName } from '../../parts/factor-changes.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { type BadgeTone, StatusBadge } from '../../parts/status-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { toName } from './application-name.ts'
import { FactorsTable } from './factors-table.tsx'

type Payload = ResultOf<typeof ForecastSignInDocument>['userMfa']
type SignInForecast = NonNullable<Extract<Payload, { __typename: 'UserMfa' }>['forecast']>

const TONES = {
  NOT_ASKED: 'warning',
  CAN_PASS: 'good',
  MUST_ENROLL: 'warning',
  CANNOT_PASS: 'bad',
  UNKNOWN: 'unknown',
} as const satisfies Record<SignInForecast['verdict'], BadgeTone>

/** Shows the forecast for one application: the verdict, its reasons, and what cannot be seen. */
export function ForecastResult({ userId, applicationId }: { userId: string; applicationId: string }) {
  const { user, common } = useScreenTexts()
  const { forecast: texts } = user
  const { reading, again } = useRead(ForecastSignInDocument, { userId, applicationId })
  const payload = reading.kind === 'READ' ? reading.data.userMfa : null
  const forecast = payload?.__typename === 'UserMfa' ? payload.forecast : null
  useEffect(() => {
    if (forecast !== null)
      announce(
        texts.of(toName(forecast.application)) + common.colon + toWords(texts.verdicts, forecast.verdict),
      )
  }, [forecast, texts, common])

  if (reading.kind === 'FAILED') return <RequestFailureNote failure={reading.failure} onAgain={again} />
  if (reading.kind !== 'READ' || payload === null) return <Skeleton lines={8} />
  if (isMfaFailure(payload)) return <MfaFailureNote failure={payload} onAgain={again} />
  if (forecast === null) {
    const [failure] = reading.failures
    if (failure === undefined) return <p>{texts.notRead}</p>
    return <RequestFailureNote failure={failure} onAgain={again} />
  }
  return <Shown forecast={forecast} atMs={reading.readAtMs} />
}

function Shown({ forecast, atMs }: { forecast: SignInForecast; atMs: number }) {
  const { user, common } = useScreenTexts()
  const { forecast: texts } = user
  const { application, verdict, factors, reasons, unknowns } = forecast
  return (
    <div class="forecast">
      <h3>
        <PersonName>{texts.of(toName(application))}</PersonName>{' '}
        <StatusBadge tone={TONES[verdict]}>{toWords(texts.verdicts, verdict)}</StatusBadge>
      </h3>
      <p>{texts.explanations[verdict]}</p>
      <p>
        {common.stateOf} <Time at={atMs} />
      </p>
      {reasons.length > 0 && (
        <>
          <h4>{texts.reasonsTitle}</h4>
          <ul>
            {reasons.map(({ code, factor }) => (
              <li key={`${code} ${factor ?? ''}`}>
                {factor !== null && (
                  <>
                    <FactorName code={factor} />
                    {common.colon}
                  </>
                )}
                {toWords(texts.reasons, code)}
              </li>
            ))}
          </ul>
        </>
      )}
      {factors.length > 0 && (
        <FactorsTable
          caption={texts.offered}
          factors={factors.map(({ switchedOn, ...factor }) => ({ ...factor, enabled: switchedOn }))}
        />
      )}
      <h4>{texts.unknownsTitle}</h4>
      <ul>
        {unknowns.map(code => (
          <li key={code}>{toWords(texts.unknowns, code)}</li>
        ))}
      </ul>
    </div>
  )
}
