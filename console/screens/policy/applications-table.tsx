import type { ResultOf } from '../../api/document.ts'
import type { ListApplicationsDocument } from '../../generated/documents.ts'
import { CopyId } from '../../parts/copy-id.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { toHref } from '../../session/base.ts'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { ApplicationType } from './application-type.tsx'

type Payload = ResultOf<typeof ListApplicationsDocument>['mfaApplications']
export type Application = Extract<
  Payload,
  { __typename: 'MfaApplicationConnection' }
>['edges'][number]['node']

export interface ApplicationsTableProps {
  readonly caption: string
  readonly applications: readonly Application[]
}

/** Applications as rows. A field that GenAuth does not say is shown as unknown. */
export function ApplicationsTable({ caption, applications }: ApplicationsTableProps) {
  const { policy: texts } = useScreenTexts()
  const { maySetPolicy } = useViewer()
  const { columns: titles } = texts
  const columns: readonly Column<Application>[] = [
    {
      key: 'name',
      title: titles.name,
      cell: ({ name }) => (name === null ? texts.noName : <PersonName>{name}</PersonName>),
    },
    {
      key: 'identifier',
      title: titles.identifier,
      cell: ({ identifier, id }) => (
        <div>
          {identifier !== null && <PersonName>{identifier}</PersonName>} <CopyId id={id} />
        </div>
      ),
    },
    { key: 'type', title: titles.type, cell: ({ type }) => <ApplicationType type={type} /> },
    {
      key: 'rules',
      title: titles.rules,
      cell: ({ hasOwnRules }) => <RulesBadge hasOwnRules={hasOwnRules} />,
    },
  ]
  const link: Column<Application> = {
    key: 'change',
    title: titles.change,
    cell: ({ id, name }) => (
      <a href={toHref('policy', { application: id })} aria-label={texts.switchOf(name ?? id)}>
        {texts.switchLink}
      </a>
    ),
  }
  return (
    <Table
      caption={caption}
      columns={maySetPolicy ? [...columns, link] : columns}
      rows={applications}
      rowKey={({ id }) => id}
    />
  )
}

/** Says whether an application has rules of its own. */
export function RulesBadge({ hasOwnRules }: Pick<Application, 'hasOwnRules'>) {
  const { policy: texts, common } = useScreenTexts()
  if (hasOwnRules === null) return <StatusBadge tone="unknown">{common.unknown}</StatusBadge>
  return <StatusBadge tone="neutral">{hasOwnRules ? texts.ownRules : texts.followsPool}</StatusBadge>
}
