import { useFragment } from '@apollo/client/react'
import { type UserMfaFieldsFragment, UserMfaFieldsFragmentDoc } from '../generated/graphql.ts'

/**
 * Watches the state of a user in the cache, whatever brought it there: a search, a change or a conflict.
 *
 * @returns the state, or `undefined` if the cache does not hold all of it
 */
export function useStateOfUser(id: string): UserMfaFieldsFragment | undefined {
  const { data, complete } = useFragment({
    fragment: UserMfaFieldsFragmentDoc,
    fragmentName: 'UserMfaFields',
    from: { __typename: 'UserMfa', id },
  })
  return complete ? data : undefined
}
