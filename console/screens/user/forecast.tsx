import { useState } from 'preact/hooks'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { ListApplicationsDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { SelectField, TextField } from '../../parts/field.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toName } from './application-name.ts'
import { ForecastResult } from './forecast-result.tsx'

/** The factors that the sign-in to an application will ask for. Its calls are made when somebody opens it. */
export function Forecast({ userId, stateAtMs }: { userId: string; stateAtMs: number }) {
  const { forecast } = useScreenTexts().user
  const [isOpen, setOpen] = useState(false)
  return (
    <section aria-labelledby="forecast">
      <h2 id="forecast">{forecast.title}</h2>
      {isOpen ? (
        <Applications userId={userId} stateAtMs={stateAtMs} />
      ) : (
        <Button onClick={() => setOpen(true)}>{forecast.open}</Button>
      )}
    </section>
  )
}

function Applications({ userId, stateAtMs }: { userId: string; stateAtMs: number }) {
  const { forecast } = useScreenTexts().user
  const [search, setSearch] = useState('')
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState('')
  const { reading, again } = useRead(ListApplicationsDocument, search === '' ? {} : { search })
  const payload = reading.kind === 'READ' ? reading.data.mfaApplications : null

  if (reading.kind === 'FAILED') return <RequestFailureNote failure={reading.failure} onAgain={again} />
  if (payload === null) return <Skeleton lines={2} />
  if (isMfaFailure(payload)) return <MfaFailureNote failure={payload} onAgain={again} />
  if (payload.__typename !== 'MfaApplicationConnection') return null
  const applications = payload.edges.map(({ node }) => node)
  const isPart = payload.pageInfo.hasNextPage || search !== ''
  return (
    <>
      {isPart && (
        <form
          class="forecast-search"
          onSubmit={event => {
            event.preventDefault()
            setChosen('')
            setSearch(text.trim())
          }}
        >
          <TextField
            label={forecast.search}
            value={text}
            maxLength={100}
            onInput={setText}
            {...(payload.pageInfo.hasNextPage && { help: forecast.more(applications.length) })}
          />
          <Button type="submit">{forecast.find}</Button>
        </form>
      )}
      {applications.length === 0 ? (
        <EmptyState title={forecast.none}>
          <p>{forecast.noneHelp}</p>
        </EmptyState>
      ) : (
        <SelectField
          label={forecast.application}
          value={chosen}
          options={[
            { value: '', label: forecast.choose },
            ...applications.map(application => ({ value: application.id, label: toName(application) })),
          ]}
          onChange={setChosen}
        />
      )}
      {chosen !== '' && (
        <ForecastResult key={`${chosen} ${stateAtMs}`} userId={userId} applicationId={chosen} />
      )}
    </>
  )
}
