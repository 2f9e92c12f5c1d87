import { MissingRight } from '../../parts/missing-right.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { CoverageContent } from './coverage-content.tsx'

/** Shows a scan of who has no second factor, with its age, and starts new ones. */
export function Coverage() {
  const { coverage } = useScreenTexts()
  const { mayReport } = useViewer()
  return (
    <Screen title={coverage.title}>
      {mayReport ? <CoverageContent /> : <MissingRight scope="mfa:report" />}
    </Screen>
  )
}
