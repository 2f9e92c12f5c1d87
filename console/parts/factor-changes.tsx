import type { ResultOf } from '../api/document.ts'
import type { factorChangeFields } from '../generated/documents.ts'
import { useTexts } from '../texts/texts.ts'

export type FactorChange = ResultOf<typeof factorChangeFields>

/** Shows the factors that differ, each as it is before and after. */
export function FactorChanges({ changes }: { changes: readonly FactorChange[] }) {
  const { changes: texts } = useTexts()
  if (changes.length === 0) return <p>{texts.nothing}</p>
  return (
    <ul class="factor-changes" aria-label={texts.listLabel}>
      {changes.map(({ code, before, after }) => (
        <li key={code}>
          <strong>
            <FactorName code={code} />
          </strong>{' '}
          <FactorState state={before} /> <span aria-hidden="true">→</span>
          <span class="hidden"> {texts.becomes} </span> <FactorState state={after} />
        </li>
      ))}
    </ul>
  )
}

/** Names a factor in words. One that this version does not know has its name in GenAuth. */
export function FactorName({ code }: { code: string }) {
  const { factors } = useTexts().common
  const name = Object.entries(factors).find(([known]) => known === code)?.[1]
  return name === undefined ? <code>{code}</code> : <span>{name}</span>
}

function FactorState({ state }: { state: FactorChange['before'] }) {
  const { changes: texts } = useTexts()
  if (state === null) return <span>{texts.absent}</span>
  return <span>{state.enabled ? texts.on(state.sort) : texts.off}</span>
}
