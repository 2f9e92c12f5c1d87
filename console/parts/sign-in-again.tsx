import { useState } from 'preact/hooks'
import { useSession } from '../session/session-context.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { LeaveDialog } from './leave-dialog.tsx'

/** Leaves for a sign-in. A draft is kept by `onLeave`. Without it, the page asks before it leaves a draft. */
export function SignInAgain({ onLeave }: { onLeave?: (() => void) | undefined }) {
  const { common } = useTexts()
  const session = useSession()
  const [isAsking, setAsking] = useState(false)
  const leave = () => {
    onLeave?.()
    void session.signInAgain()
  }
  return (
    <>
      <Button onClick={() => (onLeave === undefined && session.hasDraft ? setAsking(true) : leave())}>
        {common.signInAgain}
      </Button>
      {isAsking && <LeaveDialog onStay={() => setAsking(false)} onLeave={leave} />}
    </>
  )
}
