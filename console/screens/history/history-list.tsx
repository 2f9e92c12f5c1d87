import { useEffect, useLayoutEffect } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { toAbsolute } from '../../parts/time.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { useLanguage, useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { Entry, toElementId } from './history-entry.tsx'
import type { HistoryEntry, HistoryFailure, HistoryRead, HistorySource } from './use-history.ts'

export interface HistoryListProps {
  readonly read: HistoryRead
  readonly onUndo: (changeId: string) => void
}

/** The entries that have been read, the newest first, with what is missing and the way to older ones. */
export function HistoryList({ read: { pages, failure, isReading, again, older }, onUndo }: HistoryListProps) {
  const { history } = useScreenTexts()
  const { mayWrite } = useViewer()
  const count = pages?.entries.length ?? null
  const firstAdded = pages?.firstAdded ?? null
  useEffect(() => {
    if (count !== null) announce(count === 0 ? history.emptyTitle : history.shown(count))
  }, [count, history])
  useLayoutEffect(() => {
    if (firstAdded !== null) document.getElementById(toElementId(firstAdded))?.focus()
  }, [firstAdded])

  if (pages === null)
    return failure === null ? <Skeleton lines={8} /> : <Failure failure={failure} onAgain={again} />
  const { entries, missing, olderAfter } = pages
  return (
    <>
      {missing.length > 0 && <Missing sources={missing} />}
      {entries.length === 0 && olderAfter === null && missing.length === 0 && (
        <EmptyState title={history.emptyTitle}>
          <p>{history.emptyHelp}</p>
        </EmptyState>
      )}
      {!mayWrite && entries.some(({ revertible }) => revertible) && <MissingRight scope="mfa:write" />}
      <ol class="history-list" aria-busy={isReading}>
        {entries.map(entry => (
          <Entry key={entry.id} entry={entry} entries={entries}>
            {mayWrite && entry.revertible ? (
              <UndoButton entry={entry} onUndo={onUndo} />
            ) : (
              <WhyNotRevertible entry={entry} />
            )}
          </Entry>
        ))}
      </ol>
      {failure !== null && <Failure failure={failure} onAgain={again} />}
      <div class="buttons">
        {olderAfter !== null && (
          <Button isBusy={isReading} onClick={older}>
            {history.older}
          </Button>
        )}
        <Button kind="quiet" isBusy={isReading} onClick={again}>
          {history.again}
        </Button>
      </div>
      {olderAfter === null && entries.length > 0 && <p class="help">{history.oldest}</p>}
    </>
  )
}

function UndoButton({
  entry: { id, at },
  onUndo,
}: { entry: HistoryEntry } & Pick<HistoryListProps, 'onUndo'>) {
  const { language } = useLanguage()
  const { history } = useScreenTexts()
  return (
    <Button label={history.undoLabel(toAbsolute(at, language))} onClick={() => onUndo(id)}>
      {history.undo}
    </Button>
  )
}

/** Says why a change that was made has no button. The reasons are those of the records, as the server judges them. */
function WhyNotRevertible({
  entry: { source, outcome, revertible, changes, changedFields },
}: {
  entry: HistoryEntry
}) {
  const { history, failures, common } = useScreenTexts()
  if (source !== 'THIS_SERVICE' || outcome !== 'APPLIED' || revertible) return null
  const isOfContacts = changes !== null && changedFields !== null && changedFields.length > 0
  const why = failures.whys[isOfContacts ? 'CONTACTS_CHANGED' : 'STATE_BEFORE_UNKNOWN']
  return <p class="help">{history.cannotUndo + common.gap + why}</p>
}

function Missing({ sources }: { sources: readonly HistorySource[] }) {
  const { history } = useScreenTexts()
  return (
    <section class="note warning" role="status">
      <h3>{history.missingTitle}</h3>
      {sources.map(source => (
        <p key={source}>{toWords(history.missing, source)}</p>
      ))}
    </section>
  )
}

function Failure({ failure, onAgain }: { failure: HistoryFailure; onAgain: () => void }) {
  switch (failure.kind) {
    case 'MFA':
      return <MfaFailureNote failure={failure.failure} onAgain={onAgain} />
    case 'REQUEST':
      return <RequestFailureNote failure={failure.failure} onAgain={onAgain} />
  }
}
