import { useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { Time } from './time.tsx'

export interface StateOfProps {
  /** When the state was read, in milliseconds since 1970. */
  readonly atMs: number
  readonly isReading: boolean
  readonly onLookAgain: () => void
}

/** Says when something was read, and reads it again. */
export function StateOf({ atMs, isReading, onLookAgain }: StateOfProps) {
  const { common } = useTexts()
  return (
    <p class="state-of">
      {common.stateOf} <Time at={atMs} />{' '}
      <Button isBusy={isReading} onClick={onLookAgain}>
        {common.lookAgain}
      </Button>
    </p>
  )
}
