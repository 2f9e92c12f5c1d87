import { Button } from '../../parts/button.tsx'
import { toHref } from '../../session/base.ts'
import { useScreenTexts } from '../../texts/texts.ts'

export interface TickedProps {
  readonly ticked: readonly string[]
  /** `true` if the person has chosen more than there may be. */
  readonly isFull: boolean
  readonly onTickPage: () => void
  readonly onUntick: () => void
}

/** How many are chosen, and the way to change them. The address names them by their ids alone. */
export function Ticked({ ticked, isFull, onTickPage, onUntick }: TickedProps) {
  const { coverage } = useScreenTexts()
  return (
    <div class="ticked">
      <span>{coverage.ticked(ticked.length)}</span>
      <Button onClick={onTickPage}>{coverage.tickPage}</Button>
      {ticked.length > 0 && (
        <>
          <Button onClick={onUntick}>{coverage.untick}</Button>
          <a href={toHref('several-users', { ids: ticked.join(',') })}>{coverage.toSeveral(ticked.length)}</a>
        </>
      )}
      {isFull && <span class="fault">{coverage.tooMany}</span>}
    </div>
  )
}
