import { useRoute } from 'preact-iso'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useTexts } from '../../texts/texts.ts'
import { History } from '../history/history.tsx'

/** The screen is still to be built. Its history stands. */
export function User() {
  const { common } = useTexts()
  const { userId } = useRoute().params
  return (
    <Screen title="User">
      <EmptyState title={common.notBuilt}>{null}</EmptyState>
      {userId !== undefined && <History userId={userId} changedAtMs={null} onChanged={() => {}} />}
    </Screen>
  )
}
