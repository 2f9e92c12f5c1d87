import type { ComponentChildren } from 'preact'

/** How good a state is. Each has a mark of its own, so that it does not depend on its colour. */
export type BadgeTone = 'good' | 'warning' | 'bad' | 'unknown' | 'neutral'

const MARKS: Record<BadgeTone, string> = { good: '✓', warning: '!', bad: '✕', unknown: '?', neutral: '·' }

export interface StatusBadgeProps {
  /** A state of a later version has none. It counts as unknown. */
  readonly tone: BadgeTone | undefined
  readonly children: ComponentChildren
}

/** Shows a state by a mark and a word. */
export function StatusBadge({ tone = 'unknown', children }: StatusBadgeProps) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{MARKS[tone]}</span> {children}
    </span>
  )
}
