import { Button } from '../../parts/button.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useTexts } from '../../texts/texts.ts'

/** Shown if the server does not even say how to sign in. */
export function StartFault() {
  const { common, signIn, failures } = useTexts()
  const { explanation, nextStep } = failures.requests.NETWORK
  return (
    <main id="content" class="sign-in">
      <Screen title={signIn.notStarted}>
        <p>{explanation}</p>
        <p>{nextStep}</p>
        <Button onClick={() => location.reload()}>{common.reload}</Button>
      </Screen>
    </main>
  )
}
