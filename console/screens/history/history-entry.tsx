import type { ComponentChildren } from 'preact'
import { CopyId } from '../../parts/copy-id.tsx'
import { FactorChanges } from '../../parts/factor-changes.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Time } from '../../parts/time.tsx'
import { useLanguage, useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { OutcomeBadge, OutcomeHelp } from './outcome.tsx'
import type { HistoryEntry } from './use-history.ts'

export interface EntryProps {
  readonly entry: HistoryEntry
  /** All entries that are shown. One that takes back another one names it. */
  readonly entries: readonly HistoryEntry[]
  /** The next step. */
  readonly children: ComponentChildren
}

/** Shows one entry: its time, its kind, its author, the reason and the outcome. */
export function Entry({ entry, entries, children }: EntryProps) {
  const { history } = useScreenTexts()
  const { id, at, kind, source } = entry
  return (
    <li id={toElementId(id)} class="history-entry" tabIndex={-1} data-kind={kind}>
      <p class="history-time">
        <Time at={at} />
      </p>
      <div>
        <h3>
          {history.kinds[kind] ?? history.later} {source === 'THIS_SERVICE' && <OutcomeBadge entry={entry} />}
        </h3>
        {source === 'THIS_SERVICE' ? <Change entry={entry} entries={entries} /> : <Logged entry={entry} />}
        <Ids entry={entry} />
        {children}
      </div>
    </li>
  )
}

/** Returns the id of the element of an entry, so that another one can lead to it. */
export function toElementId(entryId: string): string {
  return `history-${entryId}`
}

function Change({ entry, entries }: Omit<EntryProps, 'children'>) {
  const { language } = useLanguage()
  const { history, common } = useScreenTexts()
  const { changes, changedFields, actor, reason, outcome, revertOf } = entry
  return (
    <>
      <OutcomeHelp entry={entry} />
      {revertOf !== null && <TakesBack changeId={revertOf} entries={entries} />}
      {outcome === 'NOT_APPLIED' && <p>{history.asked}</p>}
      {changes === null ? <p>{history.stateBeforeUnknown}</p> : <FactorChanges changes={changes} />}
      {changedFields !== null && changedFields.length > 0 && (
        <p>{history.alsoChanged(toFieldNames(changedFields, history.fields, language))}</p>
      )}
      <p class="history-who">
        {actor !== null && (
          <>
            {history.by}
            {common.gap}
            <PersonName>{actor.subject}</PersonName>
            {actor.client !== null && <> {history.through(actor.client)}</>}
            <br />
          </>
        )}
        {history.reason}
        {common.gap}
        {reason === null ? history.noReason : <PersonName>{reason}</PersonName>}
      </p>
    </>
  )
}

function TakesBack({ changeId, entries }: { changeId: string } & Pick<EntryProps, 'entries'>) {
  const { history, common } = useScreenTexts()
  const taken = entries.find(({ id }) => id === changeId)
  if (taken === undefined) {
    return (
      <p>
        {history.takesBackId} <CopyId id={changeId} />
      </p>
    )
  }
  return (
    <p>
      {history.takesBack}
      {common.gap}
      <a href={`#${toElementId(changeId)}`}>
        <Time at={taken.at} isAgeShown={false} />
      </a>
    </p>
  )
}

function Logged({ entry: { kind, country } }: Pick<EntryProps, 'entry'>) {
  const { language } = useLanguage()
  const { history, common } = useScreenTexts()
  return (
    <p class="history-who">
      {(kind === 'BOUND' || kind === 'UNBOUND') && history.factorNotNamed + common.gap}
      {country !== null && (
        <>
          {history.country}
          {common.gap}
          {toCountryName(country, language)}
        </>
      )}
    </p>
  )
}

function Ids({ entry: { id, source, requestId, applicationId } }: Pick<EntryProps, 'entry'>) {
  const { history, common } = useScreenTexts()
  const ids = [
    { title: source === 'THIS_SERVICE' ? history.changeId : history.entryId, id },
    ...(requestId === null ? [] : [{ title: common.requestId, id: requestId }]),
    ...(applicationId === null ? [] : [{ title: history.application, id: applicationId }]),
  ]
  return (
    <details class="history-ids">
      <summary>{toWords(history.details, source)}</summary>
      <dl>
        {ids.map(({ title, id: shown }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <CopyId id={shown} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** Lists fields in words. One of a later version keeps its own name. */
function toFieldNames(
  fields: readonly string[],
  names: Readonly<Record<string, string>>,
  language: string,
): string {
  const named = fields.map(field => (Object.hasOwn(names, field) ? names[field] : undefined) ?? field)
  return new Intl.ListFormat(language).format(named)
}

function toCountryName(code: string, language: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code
}
