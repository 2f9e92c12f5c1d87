import type { FindUserQuery } from '../generated/graphql.ts'
import { useStateOfUser } from './use-state-of-user.ts'
import { nameFactor, POSTURES, STATUSES } from './words.ts'

type Read = FindUserQuery['userMfa']

interface Props {
  readonly found: Extract<Read, { __typename: 'UserMfa' }>
  /** The last read of `found`. Apollo Client reads again by itself once a change has left a part of it unknown. */
  readonly read: Read | undefined
  readonly isReading: boolean
}

/**
 * Shows the person and the factors. A change returns neither `bound` nor `posture`. They belong to one state,
 * so they are shown only while that state is the one in the cache.
 */
export function User({ found: { id, account }, read, isReading }: Props) {
  const state = useStateOfUser(id)
  if (state === undefined) return null
  const extras = read?.__typename === 'UserMfa' && read.revision === state.revision ? read : undefined

  return (
    <section aria-labelledby="user">
      <h2 id="user">{account === null ? 'Name unknown' : (account.displayName ?? 'No name')}</h2>
      <p>
        {account?.status != null && `The account is ${STATUSES[account.status]}. `}
        {extras !== undefined && POSTURES[extras.posture ?? 'UNKNOWN']}
        {extras === undefined &&
          (isReading ? 'Asking GenAuth what is bound …' : 'What is bound is not known: find the user again.')}
      </p>
      <dl>
        <dt>GenAuth id</dt>
        <dd>{state.id}</dd>
        <dt>Codes go to</dt>
        <dd>{[state.phoneCountryCode, state.phone].filter(Boolean).join(' ') || 'no phone'}</dd>
        <dd>{state.email ?? 'no e-mail address'}</dd>
        <dt>Last second factor</dt>
        <dd>{account?.lastMfaAt == null ? 'not known' : new Date(account.lastMfaAt).toLocaleString()}</dd>
      </dl>
      <table>
        <caption>Second factors, in the order of sign-in</caption>
        <thead>
          <tr>
            <th scope="col">Factor</th>
            <th scope="col">State</th>
            <th scope="col">Bound by the user</th>
          </tr>
        </thead>
        <tbody>
          {state.factors.map(({ code, enabled }) => (
            <tr key={code}>
              <th scope="row">{nameFactor(code)}</th>
              <td>{enabled ? 'on' : 'off'}</td>
              <td>{describeBound(extras?.factors.find(factor => factor.code === code)?.bound, isReading)}</td>
            </tr>
          ))}
          {state.factors.length === 0 && (
            <tr>
              <td colSpan={3}>none</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

function describeBound(bound: boolean | null | undefined, isReading: boolean): string {
  if (bound === undefined && isReading) return '…'
  if (bound === undefined || bound === null) return 'not known'
  return bound ? 'yes' : 'no'
}
