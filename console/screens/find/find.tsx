import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { SelectField, TextField } from '../../parts/field.tsx'
import { Screen } from '../../parts/screen.tsx'
import { toHref } from '../../session/base.ts'
import { useTexts } from '../../texts/texts.ts'
import { SEARCH_ID } from '../../use-search-shortcut.ts'
import { ExactResult } from './exact-result.tsx'
import { SEARCH_KINDS, toSearchKind } from './search-kinds.ts'
import { SearchResult } from './search-result.tsx'

/** What was searched for last. It is kept in memory for the way back, because an address names nobody. */
const last = { text: '' }

/** Finds a person by a part of what is known of them, or by an exact identifier. One search is one operation. */
export function Find() {
  const { find } = useTexts()
  const { query, route } = useLocation()
  const kind = toSearchKind(query['by'])
  const [text, setText] = useState(last.text)
  const [searched, setSearched] = useState(last.text)
  const [round, setRound] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])

  function search(): void {
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
            maxLength={200}
            onInput={setText}
          />
          <SelectField
            label={find.kindLabel}
            value={kind}
            options={SEARCH_KINDS.map(value => ({ value, label: find.kinds[value] }))}
            onChange={next => {
              last.text = ''
              setSearched('')
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
