import type { ResultOf } from '../../api/document.ts'
import type { SearchUsersDocument } from '../../generated/documents.ts'
import { PersonName } from '../../parts/person-name.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { UserStatusBadge } from '../../parts/user-status-badge.tsx'
import { toHref } from '../../session/base.ts'
import { useTexts } from '../../texts/texts.ts'

type Payload = ResultOf<typeof SearchUsersDocument>['findMfaUsers']
export type Person = Extract<Payload, { __typename: 'FindMfaUsersSuccess' }>['people'][number]

/** People as rows. The arrow keys move from one to the next, and Enter opens one. */
export function PeopleTable({ people }: { people: readonly Person[] }) {
  const { common, find } = useTexts()
  const { columns: titles } = find
  const columns: readonly Column<Person>[] = [
    {
      key: 'name',
      title: titles.name,
      cell: ({ id, displayName, username }) => (
        <a data-result onKeyDown={moveBetweenResults} href={toHref(`users/${encodeURIComponent(id)}`)}>
          <PersonName>{displayName ?? username ?? find.noName}</PersonName>
        </a>
      ),
    },
    {
      key: 'username',
      title: titles.username,
      cell: ({ username }) => username !== null && <PersonName>{username}</PersonName>,
    },
    {
      key: 'email',
      title: titles.email,
      cell: ({ email }) => email !== null && <PersonName>{email}</PersonName>,
    },
    {
      key: 'phone',
      title: titles.phone,
      cell: ({ phone, phoneCountryCode }) => toPhone(phone, phoneCountryCode),
    },
    { key: 'status', title: titles.status, cell: ({ status }) => <UserStatusBadge status={status} /> },
    {
      key: 'last',
      title: titles.lastMfaAt,
      cell: ({ lastMfaAt }) => (lastMfaAt === null ? common.unknown : <Time at={lastMfaAt} />),
    },
  ]
  return <Table caption={find.found(people.length)} columns={columns} rows={people} rowKey={({ id }) => id} />
}

function toPhone(phone: string | null, countryCode: string | null): string | null {
  return phone === null ? null : `${countryCode ?? ''} ${phone}`.trim()
}

function moveBetweenResults(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const results = [...document.querySelectorAll<HTMLElement>('[data-result]')]
  const now = results.findIndex(result => result.matches(':focus'))
  if (now === -1) return
  results[now + step]?.focus()
  event.preventDefault()
}
