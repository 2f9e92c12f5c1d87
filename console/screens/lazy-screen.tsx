import type { ComponentType } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Screen } from '../parts/screen.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import type { ScreenTexts } from '../texts/en-screens.ts'
import { AllTextsContext, type Language, loadScreenTexts, useLanguage } from '../texts/texts.ts'

type OtherScreens = typeof import('./other-screens.ts')

interface Loaded {
  readonly language: Language
  readonly screens: OtherScreens
  readonly texts: ScreenTexts
}

/** The screens and texts that were loaded last. A screen that is opened later shows no skeleton for it. */
let loaded: Loaded | null = null

/** Loads what the other screens need, in one language. */
async function loadOtherScreens(language: Language): Promise<Loaded> {
  const [screens, texts] = await Promise.all([import('./other-screens.ts'), loadScreenTexts(language)])
  return { language, screens, texts }
}

/** A screen of `other-screens.ts`. It takes its parameters from the address. */
export function lazyScreen(name: keyof OtherScreens): ComponentType {
  return function LazyScreen() {
    const { language, texts } = useLanguage()
    const [shown, setShown] = useState(loaded)
    const [hasFailed, setHasFailed] = useState(false)
    useEffect(() => {
      if (loaded?.language === language) return setShown(loaded)
      let isWanted = true
      void loadOtherScreens(language).then(
        ready => {
          loaded = ready
          if (isWanted) setShown(ready)
        },
        () => isWanted && setHasFailed(true),
      )
      return () => {
        isWanted = false
      }
    }, [language])
    const allTexts = useMemo(() => shown && { ...texts, ...shown.texts }, [texts, shown])
    if (hasFailed) return <NotLoaded />
    if (shown === null) return <Skeleton lines={6} />
    const Shown = shown.screens[name]
    return (
      <AllTextsContext.Provider value={allTexts}>
        <Shown />
      </AllTextsContext.Provider>
    )
  }
}

function NotLoaded() {
  const { common } = useLanguage().texts
  return (
    <Screen title={common.notLoaded}>
      <p>{common.notLoadedHelp}</p>
      <Button onClick={() => location.reload()}>{common.reload}</Button>
    </Screen>
  )
}
