import { CopyId } from '../../parts/copy-id.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { UserStatusBadge } from '../../parts/user-status-badge.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Account, UserState } from './user-state.ts'

/** The facts of a person beside the factors. `account` is `null` if it could not be read. */
export function PersonFacts({ account, state }: { account: Account; state: UserState }) {
  const { common, user } = useScreenTexts()
  const { phone, phoneCountryCode, email, posture, id } = state
  const lastMfaAt = account?.lastMfaAt ?? null
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{user.posture}</dt>
          <dd>
            <PostureBadge posture={posture} />
          </dd>
        </div>
        <div>
          <dt>{user.account}</dt>
          <dd>{account === null ? user.notRead : <UserStatusBadge status={account.status} />}</dd>
        </div>
        <div>
          <dt>{user.phone}</dt>
          <dd>
            {phone === null ? common.none : <PersonName>{toPhone(phone, phoneCountryCode)}</PersonName>}
          </dd>
        </div>
        <div>
          <dt>{user.email}</dt>
          <dd>{email === null ? common.none : <PersonName>{email}</PersonName>}</dd>
        </div>
        <div>
          <dt>{user.lastMfaAt}</dt>
          <dd>
            {account === null ? user.notRead : lastMfaAt === null ? common.unknown : <Time at={lastMfaAt} />}
          </dd>
        </div>
        <div>
          <dt>{user.id}</dt>
          <dd>
            <CopyId id={id} />
          </dd>
        </div>
      </dl>
      {account?.status === 'SUSPENDED' && <p class="note warning">{user.suspended}</p>}
    </>
  )
}

function toPhone(phone: string, countryCode: string | null): string {
  return `${countryCode ?? ''} ${phone}`.trim()
}
