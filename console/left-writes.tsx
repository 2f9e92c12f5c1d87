import { useEffect, useReducer } from 'preact/hooks'
import { useApi } from './api/api-context.ts'
import { isMfaFailure, tellMfaFailure, tellRequestFailure } from './api/tell-failure.ts'
import { toWriteEnds, type WriteEnd } from './api/to-write-ends.ts'
import type { SentWrite } from './api/writes.ts'
import { Button } from './parts/button.tsx'
import { announce } from './parts/live-region.tsx'
import { PersonName } from './parts/person-name.tsx'
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
  const message = [common.writes.kinds[kind], who ?? '', ...lines].join(' ')
  useEffect(() => announce(message, result === null ? 'polite' : 'assertive'), [message])
  return (
    <div class="session-note">
      <p>
        <strong>{common.writes.kinds[kind]}</strong> <PersonName>{who ?? ''}</PersonName>
      </p>
      {lines.map(line => (
        <p key={line}>{line}</p>
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

/** Returns what came of a write, and why. Of several people it says how many have each end. */
function tell({ result }: SentWrite, { common: { writes }, failures }: Texts): readonly string[] {
  if (result === null) return [writes.underWay]
  const ends = toWriteEnds(result)
  const counts = new Map<WriteEnd, number>()
  for (const end of ends) counts.set(end, (counts.get(end) ?? 0) + 1)
  const lines = [...counts].map(([end, count]) =>
    ends.length > 1 ? writes.countOf(writes.ends[end], count) : writes.ends[end],
  )
  if (counts.has('UNKNOWN')) return [...lines, failures.inDoubt.nextStep]
  const payload = result.kind === 'DATA' ? Object.values(result.data)[0] : undefined
  const told =
    result.kind === 'FAILED'
      ? tellRequestFailure(result.failure, failures, true)
      : payload !== undefined && isMfaFailure(payload)
        ? tellMfaFailure(payload, failures)
        : null
  return told === null ? lines : [...lines, told.title, told.explanation]
}
