import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Screen } from '../parts/screen.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useTexts } from '../texts/texts.ts'

/** Loads a screen when it is opened for the first time. It takes its parameters from the address. */
export function lazyScreen(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null
  return function LazyScreen() {
    const { common } = useTexts()
    const [state, setState] = useState<'LOADING' | 'LOADED' | 'FAILED'>(
      loaded === null ? 'LOADING' : 'LOADED',
    )
    useEffect(() => {
      if (loaded !== null) return
      void load().then(
        screen => {
          loaded = screen
          setState('LOADED')
        },
        () => setState('FAILED'),
      )
    }, [])
    const Loaded = loaded
    if (state === 'LOADED' && Loaded !== null) return <Loaded />
    if (state !== 'FAILED') return <Skeleton lines={6} />
    return (
      <Screen title={common.notLoaded}>
        <p>{common.notLoadedHelp}</p>
        <Button onClick={() => location.reload()}>{common.reload}</Button>
      </Screen>
    )
  }
}
