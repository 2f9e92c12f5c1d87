import type { ComponentChildren } from 'preact'

/** How good a state is. Each has a mark of its own, so that it does not depend on its colour. */
export type BadgeTone = 'good' | 'warning' | 'bad' | 'unknown' | 'neutral'

const MARKS: Record<BadgeTone, string> = { good: '✓', warning: '!', bad: '✕', unknown: '?', neutral: '·' }

/** Shows a state by a mark and a word. */
export function StatusBadge({ tone, children }: { tone: BadgeTone; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{MARKS[tone]}</span> {children}
    </span>
  )
}
