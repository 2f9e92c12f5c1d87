import { useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { CheckField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { FactorType, UserState } from '../user/user-state.ts'
import { type Draft, move } from './draft.ts'

export interface DraftFieldsProps {
  readonly state: UserState
  readonly draft: Draft
  readonly isOrderNew: boolean
  readonly onChange: (draft: Draft) => void
}

/** Switches each factor, and moves it by buttons. */
export function DraftFields({ state, draft, isOrderNew, onChange }: DraftFieldsProps) {
  const { change, common } = useScreenTexts()
  const list = useRef<HTMLOListElement>(null)
  const moved = useRef<string | null>(null)
  const unknown = state.factors.filter(({ type }) => type === null).map(({ code }) => code)
  useLayoutEffect(() => {
    // A row that moves in the document loses the focus.
    const button =
      moved.current === null ? null : list.current?.querySelector(`[data-move="${moved.current}"] button`)
    moved.current = null
    if (button instanceof HTMLElement) button.focus()
  })

  function shift(type: FactorType, step: -1 | 1): void {
    const next = move(draft, type, step)
    const place = next.findIndex(factor => factor.type === type)
    const isAtEnd = place === (step === -1 ? 0 : next.length - 1)
    moved.current = `${type} ${isAtEnd ? -step : step}`
    onChange(next)
    announce(change.moved(toWords(common.factors, type), place + 1, next.length), 'assertive')
  }

  return (
    <fieldset class="draft">
      <legend>{change.legend}</legend>
      <ol ref={list}>
        {draft.map(({ type, isOn }, index) => {
          const name = toWords(common.factors, type)
          return (
            <li key={type}>
              <CheckField
                label={change.isOn(name)}
                isChecked={isOn}
                onChange={checked =>
                  onChange(
                    draft.map(factor => (factor.type === type ? { ...factor, isOn: checked } : factor)),
                  )
                }
              />
              <span class="moves">
                {index > 0 && (
                  <span data-move={`${type} -1`}>
                    <Button kind="quiet" label={change.up(name)} onClick={() => shift(type, -1)}>
                      ↑
                    </Button>
                  </span>
                )}
                {index < draft.length - 1 && (
                  <span data-move={`${type} 1`}>
                    <Button kind="quiet" label={change.down(name)} onClick={() => shift(type, 1)}>
                      ↓
                    </Button>
                  </span>
                )}
              </span>
            </li>
          )
        })}
      </ol>
      {unknown.length > 0 && (
        <p class="help">{(isOrderNew ? change.keptLast : change.kept)(unknown.join(common.between))}</p>
      )}
    </fieldset>
  )
}
