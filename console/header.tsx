import { useLocation } from 'preact-iso'
import { LanguageChoice, ShortcutChoice } from './header-choices.tsx'
import { LeftWrites } from './left-writes.tsx'
import { Button } from './parts/button.tsx'
import { Menu } from './parts/menu.tsx'
import { PersonName } from './parts/person-name.tsx'
import { toHref } from './session/base.ts'
import { useSession } from './session/session-context.ts'
import { SessionNote } from './session-note.tsx'
import { useTexts } from './texts/texts.ts'

/** The screens that the header leads to. */
const LINKS = [
  { path: '', name: 'find' },
  { path: 'coverage', name: 'coverage' },
  { path: 'policy', name: 'policy' },
  { path: 'rights', name: 'rights' },
] as const

/** Leads to the screens, and says who is signed in, until when, whether anything here is real, and what came of changes. */
export function Header() {
  const { common } = useTexts()
  const session = useSession()
  const { path } = useLocation()
  const isHere = (href: string) => new URL(href, location.href).pathname.replace(/\/$/, '') === path
  return (
    <header class="header">
      {session.config.isSandbox && <p class="sandbox">{common.sandbox}</p>}
      <div class="bar">
        <a class="product" href={toHref('')}>
          {common.product}
        </a>
        <nav aria-label={common.navigation}>
          {LINKS.map(link => (
            <a
              key={link.name}
              href={toHref(link.path)}
              {...(isHere(toHref(link.path)) && { 'aria-current': 'page' as const })}
            >
              {common.screens[link.name]}
            </a>
          ))}
        </nav>
        <Menu label={session.name === null ? common.signedIn : <PersonName>{session.name}</PersonName>}>
          <LanguageChoice />
          <ShortcutChoice />
          <Button onClick={() => void session.signOut()}>{common.signOut}</Button>
        </Menu>
      </div>
      <SessionNote />
      <LeftWrites />
    </header>
  )
}
