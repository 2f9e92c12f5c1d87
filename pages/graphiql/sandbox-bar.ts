import { createElement as h, type ReactNode } from 'react'
import type { Sandbox } from './settings.ts'

/** The rights of each role of the sandbox. */
const ROLES: Readonly<Record<string, string>> = {
  admin: 'reads and changes',
  reader: 'reads only',
  none: 'may do nothing',
}

export interface SandboxBarProps {
  readonly users: Sandbox['users']
  readonly roles: readonly string[]
  readonly role: string
  readonly onRole: (role: string) => void
}

/** Shows that nothing here is real, which users there are, and in which role the page sends operations. */
export function SandboxBar({ users, roles, role, onRole }: SandboxBarProps): ReactNode {
  const choice = h(
    'select',
    { value: role, onChange: (event: { target: { value: string } }) => onRole(event.target.value) },
    roles.map(name => h('option', { key: name, value: name }, `${name}: ${ROLES[name] ?? 'a role'}`)),
  )
  const people = h(
    'details',
    null,
    h('summary', null, 'Who is in it?'),
    h(
      'ul',
      null,
      users.map(({ id, name, about }) =>
        h('li', { key: id }, h('b', null, name), ' ', h('code', null, id), ` ${about}`),
      ),
    ),
  )
  return h(
    'header',
    { className: 'sandbox-bar' },
    h('strong', null, 'Sandbox'),
    h('span', null, 'Made-up users, no GenAuth behind it. A restart undoes every change.'),
    people,
    h('label', null, 'You are ', choice),
  )
}
