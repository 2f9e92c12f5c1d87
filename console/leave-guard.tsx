import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { LeaveDialog } from './parts/leave-dialog.tsx'
import { useSession } from './session/session-context.ts'

/**
 * Asks before a link, or the ways back and forward, lead away from a screen with a draft. The browser asks before it
 * leaves the page with one, unless a sign-in is the reason: for that, the draft waits. The guard must stand inside of the
 * router from the beginning: then its listeners come before the router's.
 */
export function LeaveGuard() {
  const session = useSession()
  const at = useLocation()
  const shown = useRef(at)
  shown.current = at
  const [leave, setLeave] = useState<(() => void) | null>(null)
  const isLeaving = useRef(false)
  useLayoutEffect(() => {
    const leadsAway = (to: Pick<URL, 'pathname' | 'search'>) =>
      session.hasDraft && !isLeaving.current && to.pathname + to.search !== shown.current.url
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
      if (link === null || link.target !== '' || link.download !== '' || !leadsAway(link)) return
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      event.preventDefault()
      event.stopImmediatePropagation()
      setLeave(() => () => shown.current.route(link.pathname + link.search))
    }
    const onPopState = (event: PopStateEvent) => {
      const isAway = leadsAway(location)
      isLeaving.current = false
      if (!isAway) return
      event.stopImmediatePropagation()
      // Nobody knows whether it went back or forward. From a new entry, the way there is always back.
      history.pushState(null, '', shown.current.url)
      setLeave(() => () => {
        isLeaving.current = true
        history.back()
      })
    }
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      if (!session.takeLeave() && session.hasDraft) event.preventDefault()
    }
    addEventListener('beforeunload', onBeforeUnload)
    addEventListener('click', onClick, true)
    addEventListener('popstate', onPopState, true)
    return () => {
      removeEventListener('beforeunload', onBeforeUnload)
      removeEventListener('click', onClick, true)
      removeEventListener('popstate', onPopState, true)
    }
  }, [session])

  if (leave === null) return null
  return <LeaveDialog onStay={() => setLeave(null)} onLeave={leave} />
}
