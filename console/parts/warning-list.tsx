import { useTexts } from '../texts/texts.ts'

export interface Warning {
  readonly code: string
  /** The server's own words, for a code of a later version. */
  readonly message: string
  /** The number of people, where the warning has one. */
  readonly users?: number | null
}

/** Warnings in the words of the page. */
export function WarningList({ warnings }: { warnings: readonly Warning[] }) {
  const { changing } = useTexts()
  const words: Readonly<Record<string, string>> = changing.warningsOf
  if (warnings.length === 0) return null
  return (
    <section class="note warning">
      <h3>{changing.warnings}</h3>
      <ul>
        {warnings.map(({ code, message, users = null }) => (
          <li key={code}>
            {code === 'USERS_WITHOUT_BOUND_FACTOR' && users !== null
              ? changing.usersWithout(users)
              : (words[code] ?? message)}
          </li>
        ))}
      </ul>
    </section>
  )
}
