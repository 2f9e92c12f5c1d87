import { EmptyState } from '../../parts/empty-state.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useTexts } from '../../texts/texts.ts'

/** The screen is still to be built. */
export function Rights() {
  const { common } = useTexts()
  return (
    <Screen title="Rights">
      <EmptyState title={common.notBuilt}>{null}</EmptyState>
    </Screen>
  )
}
