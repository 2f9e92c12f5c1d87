import { Button } from '../../parts/button.tsx'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { PoolSet } from './pool-change.tsx'

/** The change that was made, as it was read back from GenAuth. */
export function PoolDone({ success, onClose }: { success: PoolSet; onClose: () => void }) {
  const { policy: texts, common } = useScreenTexts()
  return (
    <>
      <section class="note done">
        <FocusedHeading>{texts.done}</FocusedHeading>
        <ul>
          {success.changes.map(({ type, after }) => (
            <li key={type}>{texts.changeOf(toWords(common.factors, type), after)}</li>
          ))}
        </ul>
        <p>{success.applied ? texts.doneVerified : texts.doneUnchanged}</p>
      </section>
      <ChangeWarnings warnings={success.warnings} />
      <Button onClick={onClose}>{common.close}</Button>
    </>
  )
}
