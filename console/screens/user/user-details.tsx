import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RequestFailure } from '../../api/request-failure.ts'
import { Button } from '../../parts/button.tsx'
import { RequestFailureNote } from '../../parts/failure-note.tsx'
import { GoneNote } from '../../parts/gone-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { StateOf } from '../../parts/state-of.tsx'
import { isPendingChange } from '../../session/pending-change.ts'
import { useSession } from '../../session/session-context.ts'
import { useViewer } from '../../session/viewer.tsx'
import { NOTHING, takeWaiting } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { Change } from '../change/change.tsx'
import { ChangeResult } from '../change/change-result.tsx'
import type { Success } from '../change/use-change.ts'
import { History } from '../history/history.tsx'
import { FactorsTable } from './factors-table.tsx'
import { Forecast } from './forecast.tsx'
import { PersonFacts } from './person-facts.tsx'
import { type Hint, useHints } from './use-hints.ts'
import type { Account, KnownState } from './user-state.ts'

export interface UserDetailsProps {
  readonly account: Account
  readonly known: KnownState
  /** The parts that could not be read. */
  readonly failures: readonly RequestFailure[]
  readonly isReading: boolean
  /** Reads the person again. */
  readonly onLook: () => void
  /** Takes a state that a change has told. */
  readonly onLearn: (state: KnownState['state']) => void
}

/** The details of a person, and the changes that the viewer may make. */
export function UserDetails({ account, known, failures, isReading, onLook, onLearn }: UserDetailsProps) {
  const { changes, user } = useScreenTexts()
  const session = useSession()
  const { mayWrite } = useViewer()
  const { state, atMs } = known
  const [waited, setWaited] = useState(() => takeWaiting(state.id, session.subject, isPendingChange))
  const kept = mayWrite && waited.kind === 'CAME_BACK' ? waited : null
  const [isChanging, setChanging] = useState(kept !== null)
  const [success, setSuccess] = useState<Success | null>(null)
  const [isWriting, setWriting] = useState(false)
  // The change stays until the person was read again, because its outcome may be in doubt.
  const [leaveAfterMs, setLeaveAfterMs] = useState<number | null>(null)
  const button = useRef<HTMLDivElement>(null)
  const [leaves, setLeaves] = useState(0)
  const { notes, isOver, forget } = useNews(state.id, state.revision, isWriting, onLook)
  const look = useCallback(() => {
    setSuccess(null)
    forget()
    onLook()
  }, [onLook, forget])
  const [failure] = failures
  // Looking again at an unchanged state does not read the history again.
  const changed = useRef({ revision: state.revision, atMs })
  if (changed.current.revision !== state.revision) changed.current = { revision: state.revision, atMs }

  useEffect(() => {
    if (leaveAfterMs !== null && atMs > leaveAfterMs) leave()
  }, [atMs, leaveAfterMs])

  useLayoutEffect(() => {
    if (leaves > 0) button.current?.querySelector('button')?.focus()
  }, [leaves])

  function leave(): void {
    setLeaveAfterMs(null)
    setChanging(false)
    setWaited(NOTHING)
    setLeaves(count => count + 1)
  }

  return (
    <>
      <StateOf atMs={atMs} isReading={isReading} onLookAgain={look} />
      {isOver && <p class="help">{user.hintsOver}</p>}
      {notes.map(text => (
        <p key={text} class="note warning">
          {text}
        </p>
      ))}
      {failure !== undefined && <RequestFailureNote failure={failure} onAgain={look} />}
      <GoneNote waited={waited} texts={changes.gone} />
      {success !== null && (
        <ChangeResult
          success={success}
          onUndone={() => {
            forget()
            onLook()
          }}
          onClose={() => {
            setSuccess(null)
            leave()
          }}
        />
      )}
      <PersonFacts account={account} state={state} />
      <FactorsTable caption={user.factors} factors={state.factors} />
      <p class="help">{user.boundHelp}</p>
      {!mayWrite && <MissingRight scope="mfa:write" />}
      {mayWrite && !isChanging && (
        <div ref={button}>
          <Button
            kind="main"
            onClick={() => {
              setSuccess(null)
              setWaited(NOTHING)
              setChanging(true)
            }}
          >
            {user.change}
          </Button>
        </div>
      )}
      {isChanging && (
        <Change
          state={state}
          kept={kept}
          onLearn={onLearn}
          onWriting={setWriting}
          onDone={done => {
            onLearn(done.userMfa)
            forget()
            setChanging(false)
            setWaited(NOTHING)
            setSuccess(done)
          }}
          onLookAgain={() => {
            setLeaveAfterMs(atMs)
            look()
          }}
          onClose={leave}
        />
      )}
      <Forecast userId={state.id} stateAtMs={atMs} />
      <History userId={state.id} changedAtMs={changed.current.atMs} onChanged={look} />
    </>
  )
}

/**
 * Reads the person again after a change by somebody else. A change of this page is known by its revision.
 *
 * @returns the news to show, whether no more can come, and what takes the news away
 */
function useNews(userId: string, revision: string, isWriting: boolean, onLook: () => void) {
  const { user } = useScreenTexts()
  const [hints, setHints] = useState<readonly Hint[]>([])
  const [kinds, setKinds] = useState<readonly Hint['kind'][]>([])
  const isOver = useHints(userId, hint => setHints(before => [...before, hint]))
  const toTexts = (of: readonly Hint['kind'][]) => [
    ...(of.includes('PERSON') ? [user.hint] : []),
    ...(of.includes('POLICY') ? [user.hintPolicy] : []),
  ]
  useEffect(() => {
    // The result of an own change may come after its hint.
    if (hints.length === 0 || isWriting) return
    setHints(now => now.slice(hints.length))
    const news = hints
      .filter(hint => hint.kind !== 'PERSON' || hint.revision !== revision)
      .map(({ kind }) => kind)
    if (news.length === 0) return
    setKinds(before => [...before, ...news])
    announce(toTexts(news).join(' '))
    if (news.includes('PERSON')) onLook()
  }, [hints, isWriting, revision, onLook, user])
  const forget = useCallback(() => setKinds([]), [])
  return { notes: toTexts(kinds), isOver, forget }
}
