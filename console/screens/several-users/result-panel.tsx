import { Button } from '../../parts/button.tsx'
import { MfaFailureNote } from '../../parts/failure-note.tsx'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { ReasonField } from '../../parts/reason-field.tsx'
import { TypedConfirmation } from '../../parts/typed-confirmation.tsx'
import { UntilSent } from '../../parts/until-sent.tsx'
import { useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { mayRepeat, type Outcome } from './outcome.ts'
import { Summary } from './summary.tsx'
import type { Patch } from './use-several-change.ts'

export interface ResultPanelProps {
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly patch: Patch
  readonly reason: string
  readonly isBusy: boolean
  /** `true` while the change itself is on its way. */
  readonly isSending: boolean
  /** `true` if the person has just come back from a sign-in for this. */
  readonly isBackFromSignIn: boolean
  /** `true` if a reason was typed before the sign-in for which the change has waited. */
  readonly wasReasonLost: boolean
  readonly onReason: (reason: string) => void
  readonly onApply: () => void
  readonly onLookAgain: () => void
  readonly onRepeat: () => void
  readonly onPreview: () => void
  readonly onOther: () => void
}

/** The results in numbers, and what can be done next: apply, look again, repeat, or choose another switch. */
export function ResultPanel(props: ResultPanelProps) {
  const { outcomes, patch, reason, isBusy, isSending, isBackFromSignIn } = props
  const { several, changes, changing, common } = useScreenTexts()
  const session = useSession()
  const all = [...outcomes.values()]
  const countOf = (isWanted: (outcome: Outcome) => boolean) => all.filter(isWanted).length
  const toChange = countOf(({ kind }) => kind === 'WOULD_CHANGE')
  const inDoubt = countOf(({ kind }) => kind === 'UNKNOWN')
  const toRepeat = countOf(mayRepeat)
  const isPreview = all.every(({ kind }) => ['WOULD_CHANGE', 'NOT_NEEDED', 'REFUSED'].includes(kind))
  const refusals = all.flatMap(outcome => (outcome.kind === 'REFUSED' ? [outcome.failure] : []))
  const stepUp = refusals.find(({ __typename: type }) => type === 'MfaStepUpRequiredError')
  const isReasonMissing = refusals.some(({ rule }) => rule === 'REASON_REQUIRED')
  return (
    <section class="change">
      <FocusedHeading level={2}>{several.results}</FocusedHeading>
      <p>
        {several.chosen}
        {common.gap}
        {[
          ...patch.enable.map(type => changing.switchOf(common.factors[type], true)),
          ...patch.disable.map(type => changing.switchOf(common.factors[type], false)),
        ].join(common.between)}
      </p>
      <Summary outcomes={outcomes} />
      {(isPreview || isSending) && (
        <p>
          <UntilSent isSending={isSending}>{several.previewed}</UntilSent>
        </p>
      )}
      {stepUp !== undefined && (
        <MfaFailureNote
          failure={stepUp}
          {...(!isBackFromSignIn && {
            onStepUp: () => {
              const { maxAgeS = null, acrValues = null } = stepUp
              void session.signInAgain({ maxAgeS, acrValues })
            },
          })}
        />
      )}
      {stepUp !== undefined && isBackFromSignIn && <p>{changes.stepUpAgain}</p>}
      {isReasonMissing && (
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault()
            props.onPreview()
          }}
        >
          <ReasonField value={reason} isMissing onInput={props.onReason} />
          <div class="buttons">
            <Button type="submit" kind="main" isBusy={isBusy}>
              {changes.previewAgain}
            </Button>
          </div>
        </form>
      )}
      {inDoubt > 0 && (
        <section class="note in-doubt">
          <p>{several.unknownHelp}</p>
          <Button isBusy={isBusy} onClick={props.onLookAgain}>
            {several.lookAgain(inDoubt)}
          </Button>
        </section>
      )}
      {toRepeat > 0 && (
        <div class="buttons">
          <Button isBusy={isBusy} onClick={props.onRepeat}>
            {several.repeat(toRepeat)}
          </Button>
        </div>
      )}
      {toChange > 0 && props.wasReasonLost && <ReasonField value={reason} isAgain onInput={props.onReason} />}
      {toChange > 0 ? (
        <TypedConfirmation
          key={toChange}
          expected={toChange}
          help={several.applyHelp(toChange)}
          button={several.applyTo(toChange)}
          isDangerous={patch.disable.length > 0}
          isBusy={isBusy}
          onConfirm={props.onApply}
          onBack={props.onOther}
        />
      ) : (
        <>
          {isPreview && stepUp === undefined && <p>{several.noneToApply}</p>}
          <Button onClick={props.onOther}>{several.other}</Button>
        </>
      )}
    </section>
  )
}
