import type { ResultOf } from '../api/document.ts'
import type { factorChangeFields } from '../generated/documents.ts'
import { useScreenTexts } from '../texts/texts.ts'

export type FactorChange = ResultOf<typeof factorChangeFields>

/** Shows the factors that differ, each as it is before and after. */
export function FactorChanges({ changes }: { changes: readonly FactorChange[] }) {
  const { changes: texts } = useScreenTexts()
  if (changes.length === 0) return <p>{texts.nothing}</p>
  return (
    <ul class="factor-changes" aria-label={texts.listLabel}>
      {changes.map(({ code, before, after }) => {
        const isOfOrder = before !== null && after !== null && before.enabled === after.enabled
        return (
          <li key={code}>
            <strong>
              <FactorName code={code} />
            </strong>{' '}
            <FactorState state={before} isOrderShown={isOfOrder} /> <span aria-hidden="true">→</span>
            <span class="hidden"> {texts.becomes} </span>{' '}
            <FactorState state={after} isOrderShown={isOfOrder} />
          </li>
        )
      })}
    </ul>
  )
}

/** Names a factor in words. One that this version does not know has its name in GenAuth. */
export function FactorName({ code }: { code: string }) {
  const { factors } = useScreenTexts().common
  const name = Object.entries(factors).find(([known]) => known === code)?.[1]
  return name === undefined ? <code>{code}</code> : <span>{name}</span>
}

interface FactorStateProps {
  readonly state: FactorChange['before']
  /** The order is a number of GenAuth's, which says something only beside another one. */
  readonly isOrderShown: boolean
}

function FactorState({ state, isOrderShown }: FactorStateProps) {
  const { changes: texts } = useScreenTexts()
  if (state === null) return <span>{texts.absent}</span>
  return (
    <span>
      {state.enabled ? texts.on : texts.off}
      {isOrderShown && texts.order(state.sort)}
    </span>
  )
}
