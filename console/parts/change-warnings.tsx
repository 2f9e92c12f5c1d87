import { useScreenTexts } from '../texts/texts.ts'

export interface Warning {
  readonly code: string
  /** The server's own words, for a code of a later version. */
  readonly message: string
  /** The number of people, where the warning has one. */
  readonly users?: number | null
}

/** Tells the warnings about a change. They are `null` if they could not be read. */
export function ChangeWarnings({ warnings }: { warnings: readonly Warning[] | null }) {
  const { changes: texts } = useScreenTexts()
  if (warnings === null) return <p class="note warning">{texts.warningsUnread}</p>
  if (warnings.length === 0) return null
  return (
    <section class="note warning">
      <h3>{texts.warningsTitle}</h3>
      <ul>
        {warnings.map(warning => (
          <li key={warning.code}>
            <WarningText {...warning} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Tells a warning in the words of the page. One of a later version has the server's own message. */
export function WarningText({ code, message, users = null }: Warning) {
  const { changes: texts } = useScreenTexts()
  if (code === 'USERS_WITHOUT_BOUND_FACTOR' && users !== null) return texts.usersWithoutBoundFactor(users)
  const words: Readonly<Record<string, string>> = texts.warnings
  return words[code] ?? <span lang="en">{message}</span>
}
