import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { ApiContext } from './api/api-context.ts'
import { createApi } from './api/client.ts'
import { Header } from './header.tsx'
import { LeaveGuard } from './leave-guard.tsx'
import { LeftWrites } from './left-writes.tsx'
import { Button } from './parts/button.tsx'
import { EmptyState } from './parts/empty-state.tsx'
import { LiveRegion } from './parts/live-region.tsx'
import { Screen } from './parts/screen.tsx'
import { SCREENS } from './screens/screens.ts'
import { SignIn } from './screens/sign-in/sign-in.tsx'
import { BASE, toHref } from './session/base.ts'
import type { Session } from './session/session.ts'
import { SessionContext, useSession } from './session/session-context.ts'
import { ViewerProvider } from './session/viewer.tsx'
import { useTexts } from './texts/texts.ts'
import { useKeptFocus } from './use-kept-focus.ts'
import { useSearchShortcut } from './use-search-shortcut.ts'

/** Everything that a person who is signed in sees. */
export function App({ session }: { session: Session }) {
  const api = useMemo(() => createApi(session), [session])
  return (
    <SessionContext.Provider value={session}>
      <ApiContext.Provider value={api}>
        <LocationProvider scope={BASE}>
          <LiveRegion />
          <Frame />
        </LocationProvider>
      </ApiContext.Provider>
    </SessionContext.Provider>
  )
}

function Frame() {
  const { common } = useTexts()
  const session = useSession()
  useSearchShortcut()
  useKeptFocus()
  const { state: why } = session
  if (why === 'SIGNED_OUT' || why === 'REFUSED' || why === 'NO_TOKEN') {
    return (
      <>
        <LeftWrites />
        <SignIn config={session.config} why={why} returnTo={location.pathname + location.search} />
      </>
    )
  }
  return (
    <>
      <a class="skip" href="#content">
        {common.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        <Content />
      </main>
      <LeaveGuard />
    </>
  )
}

/** The screen of the address. A fault in it leaves the header as it is. */
function Content() {
  const { common } = useTexts()
  const { path } = useLocation()
  const [fault, reset] = useErrorBoundary()
  useEffect(() => {
    addEventListener('popstate', reset)
    return () => removeEventListener('popstate', reset)
  }, [reset])
  if (fault !== undefined) {
    return (
      <Screen title={common.crashed}>
        <p>{common.crashedHelp}</p>
        <Button onClick={() => location.reload()}>{common.reload}</Button>
      </Screen>
    )
  }
  return (
    <ViewerProvider>
      {decode(path.slice(BASE.length)) === null ? (
        <NotFound />
      ) : (
        <Router>
          {SCREENS.map(({ path, screen }) => (
            <Route key={path} path={BASE + path} component={screen} />
          ))}
          <Route default component={NotFound} />
        </Router>
      )}
    </ViewerProvider>
  )
}

/** Returns `null` for a path whose escapes are no text, such as `users/%E0%A4%A`. The router fails at one. */
function decode(path: string): string | null {
  try {
    // A call whose result nobody used would be left out of the built page.
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

function NotFound() {
  const { common } = useTexts()
  return (
    <Screen title={common.notFound}>
      <EmptyState title={common.notFoundHelp}>
        <a href={toHref('')}>{common.toFind}</a>
      </EmptyState>
    </Screen>
  )
}
