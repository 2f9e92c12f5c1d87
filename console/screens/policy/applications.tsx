import { useEffect, useState } from 'preact/hooks'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { ListApplicationsDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { TextField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { ApplicationsTable } from './applications-table.tsx'

/** The same for every page, because another number would cost a second call. */
const PAGE_SIZE = 20
/** The limit of the API. */
const MAX_SEARCH_CHARS = 100

/** The applications of the pool, by pages. */
export function Applications() {
  const { policy: texts } = useScreenTexts()
  const { maySetPolicy } = useViewer()
  const [text, setText] = useState('')
  const [wanted, setWanted] = useState<{ search: string; cursors: readonly string[] }>({
    search: '',
    cursors: [],
  })
  const { search, cursors } = wanted
  const { reading, again } = useRead(ListApplicationsDocument, {
    search: search === '' ? null : search,
    first: PAGE_SIZE,
    after: cursors.at(-1) ?? null,
  })
  const payload = reading.kind === 'READ' ? reading.data.mfaApplications : null
  const page = payload?.__typename === 'MfaApplicationConnection' ? payload : null
  const found = page === null ? null : texts.found(page.edges.length, page.totalCount)
  useEffect(() => {
    if (found !== null && search !== '') announce(found)
  }, [found, search])

  return (
    <section aria-labelledby="applications">
      <h2 id="applications">{texts.applications}</h2>
      {!maySetPolicy && <MissingRight scope="mfa:policy" />}
      <search>
        <form
          class="search"
          onSubmit={event => {
            event.preventDefault()
            const next = text.trim()
            if (next === search && cursors.length === 0) again()
            else setWanted({ search: next, cursors: [] })
          }}
        >
          <TextField
            type="search"
            label={texts.search}
            help={texts.searchHelp}
            value={text}
            maxLength={MAX_SEARCH_CHARS}
            onInput={setText}
          />
          <Button type="submit">{texts.find}</Button>
        </form>
      </search>
      {reading.kind === 'FAILED' && <RequestFailureNote failure={reading.failure} onAgain={again} />}
      {(reading.kind === 'IDLE' || reading.kind === 'LOADING') && <Skeleton lines={6} />}
      {payload !== null && isMfaFailure(payload) && <MfaFailureNote failure={payload} onAgain={again} />}
      {page !== null && page.edges.length === 0 && (
        <EmptyState title={texts.noneFound}>
          <p>{texts.noneFoundHelp}</p>
        </EmptyState>
      )}
      {page !== null && page.edges.length > 0 && (
        <ApplicationsTable
          caption={texts.found(page.edges.length, page.totalCount)}
          applications={page.edges.map(({ node }) => node)}
        />
      )}
      {page !== null && (
        <div class="buttons">
          {cursors.length > 0 && (
            <Button onClick={() => setWanted({ search, cursors: cursors.slice(0, -1) })}>
              {texts.previous}
            </Button>
          )}
          {page.pageInfo.hasNextPage && page.pageInfo.endCursor !== null && (
            <Button
              onClick={() => {
                const { endCursor } = page.pageInfo
                if (endCursor !== null) setWanted({ search, cursors: [...cursors, endCursor] })
              }}
            >
              {texts.next}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
