import { useEffect, useRef, useState } from 'preact/hooks'
import { useApi } from '../../api/api-context.ts'
import { WatchUsersDocument } from '../../generated/documents.ts'

/** A hint that something may have changed. `POLICY` concerns every person. A kind that is not known is `PERSON`. */
export interface Hint {
  readonly kind: 'PERSON' | 'POLICY'
  /** The revision of the state that the change made. `null` if nobody can say. */
  readonly revision: string | null
}

/** Calls `onHint` when somebody may have changed the person. Returns `true` after the last hint. */
export function useHints(userId: string, onHint: (hint: Hint) => void): boolean {
  const api = useApi()
  const [isOver, setOver] = useState(false)
  const told = useRef(onHint)
  told.current = onHint
  useEffect(() => {
    setOver(false)
    return api.subscribe(
      WatchUsersDocument,
      { users: [{ userId, userIdType: 'USER_ID' }] },
      {
        onEvent: ({ userMfaChanged: { hint, revision } }) =>
          told.current({ kind: /_POLICY$/.test(hint) ? 'POLICY' : 'PERSON', revision }),
        onEnd: () => setOver(true),
      },
    )
  }, [api, userId])
  return isOver
}
