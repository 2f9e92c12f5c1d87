import { useEffect, useState } from 'preact/hooks'
import { useLanguage } from '../texts/texts.ts'
import { toDateLanguage } from './date-language.ts'

/** A time of GraphQL, or milliseconds since 1970. */
export type TimeValue = string | number

const UNITS = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** Returns a date and a time of day in the zone of the browser, as its region writes them in the language of the page. */
export function toAbsolute(value: TimeValue, language: string, style: 'medium' | 'full' = 'medium'): string {
  const tag = toDateLanguage(language, navigator.languages)
  return new Date(value).toLocaleString(tag, { dateStyle: style, timeStyle: style })
}

/** Returns how long ago a time was, in its largest unit. Less than a minute is `justNow`. */
function toAge(value: TimeValue, nowMs: number, language: string, justNow: string): string {
  const ageMs = nowMs - new Date(value).getTime()
  for (const [unit, unitMs] of UNITS) {
    if (Math.abs(ageMs) < unitMs) continue
    return new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(
      -Math.trunc(ageMs / unitMs),
      unit,
    )
  }
  return justNow
}

/** Shows a time as it was, and its age. The title has its zone. */
export function Time({ at, isAgeShown = true }: { at: TimeValue; isAgeShown?: boolean }) {
  const { language, texts } = useLanguage()
  const { common } = texts
  const nowMs = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={toAbsolute(at, language, 'full')}>
      {toAbsolute(at, language)}
      {isAgeShown && <span class="age">{common.inBrackets(toAge(at, nowMs, language, common.justNow))}</span>}
    </time>
  )
}

/** Returns the present time, and renders again every 30 s. */
function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
