import { useTexts } from '../texts/texts.ts'

export interface ChangeWarningsProps {
  /** `null` if they could not be read. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[] | null
}

/** Tells the warnings about a change. One of a later version has the server's own message. */
export function ChangeWarnings({ warnings }: ChangeWarningsProps) {
  const { changes: texts } = useTexts()
  if (warnings === null) return <p class="note warning">{texts.warningsUnread}</p>
  if (warnings.length === 0) return null
  return (
    <section class="note warning">
      <h3>{texts.warningsTitle}</h3>
      <ul>
        {warnings.map(({ code, message }) => (
          <li key={code}>
            {Object.entries(texts.warnings).find(([known]) => known === code)?.[1] ?? message}
          </li>
        ))}
      </ul>
    </section>
  )
}
