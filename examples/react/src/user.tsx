import type { FindUserQuery } from '../generated/graphql.ts'
import { useStateOfUser } from './use-state-of-user.ts'
import { nameFactor, POSTURES, STATUSES } from './words.ts'

interface Props {
  readonly found: Extract<FindUserQuery['userMfa'], { __typename: 'UserMfa' }>
}

/** Shows the person as found, and the state as the cache holds it. */
export function User({ found: { id, account } }: Props) {
  const state = useStateOfUser(id)
  if (state === undefined) return null

  return (
    <section aria-labelledby="user">
      <h2 id="user">{account === null ? 'Name unknown' : (account.displayName ?? 'No name')}</h2>
      <p>
        {account?.status != null && `The account is ${STATUSES[account.status]}. `}
        {state.posture === null
          ? 'What is bound is not known: find the user again.'
          : POSTURES[state.posture]}
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
          {state.factors.map(({ code, enabled, bound }) => (
            <tr key={code}>
              <th scope="row">{nameFactor(code)}</th>
              <td>{enabled ? 'on' : 'off'}</td>
              <td>{bound === null ? 'not known' : bound ? 'yes' : 'no'}</td>
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
