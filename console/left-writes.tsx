import { useEffect, useReducer } from 'preact/hooks'
import { useApi } from './api/api-context.ts'
import { isMfaFailure, tellMfaFailure, tellRequestFailure } from './api/tell-failure.ts'
import { toWriteEnds } from './api/to-write-ends.ts'
import type { SentWrite } from './api/writes.ts'
import { Button } from './parts/button.tsx'
import { announce } from './parts/live-region.tsx'
import { PersonName } from './parts/person-name.tsx'
import { toHref } from './session/base.ts'
import type { Texts } from './texts/en.ts'
import { useTexts } from './texts/texts.ts'

/** Tells of each change whose screen was left before the result came, until the person has taken note of it. */
export function LeftWrites() {
  const { writes } = useApi()
  const [, show] = useReducer((count: number, _: null) => count + 1, 0)
  useEffect(() => {
    // A screen that made way for this one has left its write before anybody listened.
    show(null)
    return writes.onChange(() => show(null))
  }, [writes])
  return (
    <>
      {writes.left.map(write => (
        <LeftWrite key={write.id} write={write} onClose={() => writes.forget(write.id)} />
      ))}
    </>
  )
}

function LeftWrite({ write, onClose }: { write: SentWrite; onClose: () => void }) {
  const texts = useTexts()
  const { common } = texts
  const { kind, who, href, result } = write
  const lines = tell(write, texts)
  const message = [common.writes.kinds[kind], who ?? '', ...lines.map(({ text }) => text)].join(' ')
  useEffect(() => announce(message, result === null ? 'polite' : 'assertive'), [message])
  return (
    <div class="session-note">
      <p>
        <strong>{common.writes.kinds[kind]}</strong> <PersonName>{who ?? ''}</PersonName>
      </p>
      {lines.map(({ text, ids }) => (
        <p key={text}>
          {ids === undefined ? text : <a href={toHref('several-users', { ids: ids.join() })}>{text}</a>}
        </p>
      ))}
      <a href={href}>{common.writes.toScreen}</a>
      {result !== null && (
        <Button
          onClick={() => {
            document.getElementById('content')?.focus()
            onClose()
          }}
        >
          {common.close}
        </Button>
      )}
    </div>
  )
}

interface Line {
  readonly text: string
  /** The people that it is true of, if the write was for several. */
  readonly ids?: readonly string[]
}

/** Returns what came of a write, and why. Of several people it says how many have each end, and who they are. */
function tell({ result }: SentWrite, { common: { writes }, failures }: Texts): readonly Line[] {
  if (result === null) return [{ text: writes.underWay }]
  const ends = toWriteEnds(result)
  const payload = result.kind === 'DATA' ? Object.values(result.data)[0] : undefined
  const lines = [...new Set(ends)].map((end): Line => {
    const ids = payload?.results?.filter((_, index) => ends[index] === end).map(({ ref }) => ref.userId)
    const text = writes.ends[end]
    return ids === undefined ? { text } : { text: writes.countOf(text, ids.length), ids }
  })
  if (ends.includes('UNKNOWN')) return [...lines, { text: failures.inDoubt.nextStep }]
  const told =
    result.kind === 'FAILED'
      ? tellRequestFailure(result.failure, failures, true)
      : payload !== undefined && isMfaFailure(payload)
        ? tellMfaFailure(payload, failures)
        : null
  return told === null ? lines : [...lines, { text: told.title }, { text: told.explanation }]
}
