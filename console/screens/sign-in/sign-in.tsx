import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Screen } from '../../parts/screen.tsx'
import type { ConsoleConfig } from '../../session/read-config.ts'
import { leaveForSignIn, type SignInFault } from '../../session/sign-in.ts'
import { useLanguage } from '../../texts/texts.ts'

export interface SignInProps {
  readonly config: ConsoleConfig
  /** Why the person is not signed in. See `SessionState`. */
  readonly why: 'SIGNED_OUT' | 'REFUSED' | 'NO_TOKEN' | SignInFault
  /** The screen to come back to. */
  readonly returnTo: string
}

/** Shown if the page does not sign in by itself: after a sign-out, and after a fault. */
export function SignIn({ config, why: given, returnTo }: SignInProps) {
  const { language, texts } = useLanguage()
  const { signIn, common } = texts
  const [why, setWhy] = useState(given)
  const [isLeaving, setLeaving] = useState(false)
  async function leave(): Promise<void> {
    setLeaving(true)
    setWhy(await leaveForSignIn(config, { returnTo, locale: language }))
    setLeaving(false)
  }
  return (
    <main id="content" class="sign-in">
      <p class="product">{common.product}</p>
      <Screen title={signIn.title}>
        {config.isSandbox && <p class="sandbox">{common.sandbox}</p>}
        <p>{signIn.lead}</p>
        <Why why={why} />
        <Button kind="main" isBusy={isLeaving} onClick={() => void leave()}>
          {isLeaving ? signIn.leaving : signIn.button}
        </Button>
      </Screen>
    </main>
  )
}

function Why({ why }: Pick<SignInProps, 'why'>) {
  const { texts } = useLanguage()
  const { signIn } = texts
  if (why === 'SIGNED_OUT') return <p role="status">{signIn.signedOut}</p>
  if (typeof why === 'string') {
    return (
      <div role="alert" class="note failure">
        <h2>{signIn.refused}</h2>
        <p>{signIn.refusals[why]}</p>
      </div>
    )
  }
  return (
    <div role="alert" class="note failure">
      <p>{signIn.faults[why.kind]}</p>
      {why.code !== null && <p>{signIn.code(why.code)}</p>}
    </div>
  )
}
