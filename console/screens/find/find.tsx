import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { SelectField, TextField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useFocusOnShow } from '../../parts/use-focus-on-show.ts'
import { toHref } from '../../session/base.ts'
import { useTexts } from '../../texts/texts.ts'
import { SEARCH_ID } from '../../use-search-shortcut.ts'
import { ExactResult } from './exact-result.tsx'
import { SEARCH_KINDS, toSearchKind } from './search-kinds.ts'
import { SearchResult } from './search-result.tsx'

/** The limits of the API. */
const MIN_CHARS = 2
const MAX_CHARS = { part: 100, identifier: 200 }

/** The last search. It is kept in memory for the way back, because an address names nobody. */
const last = { text: '' }

/** Finds a person by a part of what is known of them, or by an exact identifier. One search is one operation. */
export function Find() {
  const { find } = useTexts()
  const { query, route } = useLocation()
  const kind = toSearchKind(query['by'])
  const [text, setText] = useState(last.text)
  const [searched, setSearched] = useState(last.text)
  const [round, setRound] = useState(0)
  const [fault, setFault] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const input = useFocusOnShow<HTMLInputElement>()

  function search(): void {
    const isTooShort = kind === 'ANY' && text.trim().length < MIN_CHARS
    setFault(isTooShort ? find.tooShort : null)
    if (isTooShort) {
      announce(find.tooShort, 'assertive')
      return
    }
    last.text = text.trim()
    setSearched(last.text)
    setRound(count => count + 1)
  }

  return (
    <Screen title={find.title} isHeadingFocused={false}>
      <search>
        <form
          ref={form}
          class="search"
          onSubmit={event => {
            event.preventDefault()
            search()
          }}
          onKeyDown={event => {
            if (event.key !== 'ArrowDown') return
            if (event.target !== input.current) return
            const first = document.querySelector('[data-result]')
            if (first instanceof HTMLElement) first.focus()
            event.preventDefault()
          }}
        >
          <TextField
            id={SEARCH_ID}
            inputRef={input}
            type="search"
            label={kind === 'ANY' ? find.label : find.labelExact(find.kinds[kind])}
            help={find.help}
            value={text}
            fault={fault}
            maxLength={MAX_CHARS[kind === 'ANY' ? 'part' : 'identifier']}
            onInput={setText}
          />
          <SelectField
            label={find.kindLabel}
            value={kind}
            options={SEARCH_KINDS.map(value => ({ value, label: find.kinds[value] }))}
            onChange={next => {
              last.text = ''
              setSearched('')
              setFault(null)
              route(toHref('', { by: next === 'ANY' ? null : next }), true)
            }}
          />
          <Button type="submit" kind="main">
            {find.button}
          </Button>
        </form>
      </search>
      {searched === '' && (
        <EmptyState title={find.emptyTitle}>
          <p>{find.emptyHelp}</p>
        </EmptyState>
      )}
      {searched !== '' && kind === 'ANY' && <SearchResult key={round} search={searched} />}
      {searched !== '' && kind !== 'ANY' && <ExactResult key={round} userId={searched} userIdType={kind} />}
    </Screen>
  )
}
