import { useLocation } from 'preact-iso'
import { MissingRight } from '../../parts/missing-right.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { ApplicationChange } from './application-change.tsx'
import { Applications } from './applications.tsx'
import { Pool } from './pool.tsx'

/** The form of an id of an application, as the server takes it. */
const APPLICATION_ID = /^[\w.:-]{1,128}$/

/** The factors of the user pool and of its applications. The application to change stands in the address. */
export function Policy() {
  const { policy } = useScreenTexts()
  const { mayRead } = useViewer()
  const { query } = useLocation()
  const applicationId = query['application'] ?? ''
  return (
    <Screen title={policy.title}>
      <p>{policy.lead}</p>
      {!mayRead && <MissingRight scope="mfa:read" />}
      {mayRead && <Pool />}
      {APPLICATION_ID.test(applicationId) && (
        <ApplicationChange key={applicationId} applicationId={applicationId} />
      )}
      {mayRead && <Applications />}
    </Screen>
  )
}
