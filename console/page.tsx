import { useCallback, useEffect, useState } from 'preact/hooks'
import { App } from './app.tsx'
import { SignIn } from './screens/sign-in/sign-in.tsx'
import { StartFault } from './screens/sign-in/start-fault.tsx'
import { keepLanguage } from './session/base.ts'
import { peekForReturn } from './session/kept-for-return.ts'
import { type Started, start } from './session/start.ts'
import type { Texts } from './texts/en.ts'
import { type Language, LanguageContext, loadTexts, toLanguage } from './texts/texts.ts'

/** The page: its language, then its sign-in, then its screens. */
export function Page() {
  const [language, setLanguage] = useState<Language>(toFirstLanguage)
  const [texts, setTexts] = useState<Texts | null>(null)
  const [started, setStarted] = useState<Started | null>(null)

  useEffect(() => {
    document.documentElement.lang = language
    let isWanted = true
    void loadTexts(language).then(loaded => isWanted && setTexts(loaded))
    return () => {
      isWanted = false
    }
  }, [language])
  useEffect(() => {
    void start(() => document.documentElement.lang).then(setStarted)
  }, [])
  const choose = useCallback((chosen: Language) => {
    keepLanguage(chosen)
    setLanguage(chosen)
  }, [])

  if (texts === null || started === null) return <main aria-busy="true" />
  return (
    <LanguageContext.Provider value={{ language, texts, choose }}>
      {started.kind === 'SIGNED_IN' && <App session={started.session} />}
      {started.kind === 'SIGN_IN' && <SignIn {...started} />}
      {started.kind === 'NOT_STARTED' && <StartFault />}
    </LanguageContext.Provider>
  )
}

/**
 * The language that a person has chosen before: that of the address, or of the screen to come back to. Without one, it is
 * the browser's.
 */
function toFirstLanguage(): Language {
  const isReturn = new URLSearchParams(location.search).has('state')
  const address = isReturn ? (peekForReturn()?.returnTo ?? '') : location.href
  const chosen = new URL(address, location.href).searchParams.get('lang')
  if (chosen === null) return toLanguage(navigator.languages)
  const language = toLanguage([chosen])
  keepLanguage(language)
  return language
}
