import { useSession } from '../session/session-context.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'

/** Leaves for a sign-in. Every draft waits for it. */
export function SignInAgain() {
  const { common } = useTexts()
  const session = useSession()
  return <Button onClick={() => void session.signInAgain()}>{common.signInAgain}</Button>
}
