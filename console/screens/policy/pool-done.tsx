import { Button } from '../../parts/button.tsx'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { WarningList } from '../../parts/warning-list.tsx'
import { useTexts } from '../../texts/texts.ts'
import type { PoolSet } from './pool-change.tsx'

/** The change as GenAuth was read to have it. */
export function PoolDone({ success, onClose }: { success: PoolSet; onClose: () => void }) {
  const { policy: texts, common } = useTexts()
  return (
    <>
      <section class="note done">
        <FocusedHeading>{texts.done}</FocusedHeading>
        <ul>
          {success.changes.map(({ type, after }) => (
            <li key={type}>{texts.changeOf(common.factors[type], after)}</li>
          ))}
        </ul>
        <p>{success.applied ? texts.doneVerified : texts.doneUnchanged}</p>
      </section>
      <WarningList warnings={success.warnings} />
      <Button onClick={onClose}>{common.close}</Button>
    </>
  )
}
