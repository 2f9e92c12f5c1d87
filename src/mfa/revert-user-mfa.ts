import type { ChangeScope } from './caller-scope.ts'
import { changeUser } from './change-user.ts'
import type { Result } from './failure.ts'
import type { RevertUserMfa, SelectedParts, UserChange } from './user-change.ts'

/**
 * Takes back a change of factors: a change like any other, to the factors that it found. It costs what `changeUser`
 * names, as a patch does. The user must still be in the state that the change made (`REVISION_CONFLICT`). The result
 * must be the state that the change found (`NOT_REVERTIBLE`). Both are judged by the revisions in the journal, which
 * cover everything that a change can touch. The user is named by GenAuth's own id, so an identifier that belongs to
 * another person by now does not matter.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export function revertUserMfa(
  scope: ChangeScope,
  { genauthId, made, dryRun, allowNoFactor, reason }: RevertUserMfa,
  selected: SelectedParts,
): Promise<Result<UserChange>> {
  const user = { genauthId, given: { userId: genauthId, userIdType: 'USER_ID' } } as const
  const wish = { triggerData: {}, expectedRevision: null, dryRun, allowNoFactor, reason, takesBack: made }
  return changeUser(scope, user, wish, selected)
}
