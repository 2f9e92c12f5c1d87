import { useLazyQuery } from '@apollo/client/react'
import { type FormEvent, useState } from 'react'
import { FindUserDocument, type FindUserQuery } from '../generated/graphql.ts'
import { Change } from './change.tsx'
import { Reference } from './reference.tsx'
import { TextField } from './text-field.tsx'
import { User } from './user.tsx'
import { IDENTIFIERS } from './words.ts'

const KINDS = ['EMAIL', 'PHONE', 'USERNAME', 'USER_ID', 'EXTERNAL_ID', 'IDENTITY', 'SYNC_RELATION'] as const

/** The result of a search. The state that changes bring is in the cache. */
interface Found {
  readonly search: number
  readonly user: FindUserQuery['userMfa'] | undefined
  readonly error: { readonly message: string } | undefined
}

/** Finds a user by any identifier, shows the state, and lets it be changed. */
export function Desk() {
  const [find, { loading }] = useLazyQuery(FindUserDocument, {
    // A decision needs the current state, so each search asks GenAuth.
    fetchPolicy: 'network-only',
    // A part that cannot be read, as `account`, hides nothing else.
    errorPolicy: 'all',
  })
  const [found, setFound] = useState<Found>()
  const user = found?.user
  const faults = user?.__typename === 'MfaInvalidInputError' ? user.fieldErrors : []

  async function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const userIdType = KINDS.find(kind => kind === form.get('userIdType')) ?? 'USER_ID'
    setFound(undefined)
    const { data, error } = await find({ variables: { userId: String(form.get('userId')), userIdType } })
    setFound({ search: (found?.search ?? 0) + 1, user: data?.userMfa, error })
  }

  return (
    <>
      <form className="row" onSubmit={search}>
        <TextField name="userId" label="Identifier" faults={faults} required />
        <div className="field">
          <label htmlFor="userIdType">Kind</label>
          <select id="userIdType" name="userIdType">
            {KINDS.map(kind => (
              <option key={kind} value={kind}>
                {IDENTIFIERS[kind]}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">Find</button>
      </form>
      <div role="status">
        {loading && found === undefined && <p>Asking GenAuth …</p>}
        {found !== undefined && user === undefined && <p>Nobody can be shown. {found.error?.message}</p>}
        {user !== undefined && user.__typename !== 'UserMfa' && (
          <>
            {faults.length === 0 && <p>{user.message}</p>}
            <Reference of={user} />
          </>
        )}
        {user?.__typename === 'UserMfa' && <p className="spoken">Found.</p>}
      </div>
      {found !== undefined && user?.__typename === 'UserMfa' && (
        <div key={found.search}>
          <User found={user} />
          <Change id={user.id} />
        </div>
      )}
    </>
  )
}
