import type { ChangeScope } from './caller-scope.ts'
import { findChangeFaults, findTokenFaults, findUserFaults } from './change-faults.ts'
import { changeUser } from './change-user.ts'
import { readContacts } from './contacts.ts'
import { fail, notApplied, type Result, refusedInput, succeed } from './failure.ts'
import { findUserId, isGuess } from './find-user-ids.ts'
import type { SelectedParts, SetUserMfaStatus, UserChange } from './user-change.ts'
import { foldUserRef } from './user-ref.ts'

/**
 * Changes one user's MFA at the cost that `changeUser` names. If the user is not named by GenAuth's own id, one more
 * call finds that id first. So the read and the write cannot meet two different people.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function setUserMfaStatus(
  scope: ChangeScope,
  wanted: SetUserMfaStatus,
  selected: SelectedParts,
): Promise<Result<UserChange>> {
  const contacts = readContacts(wanted.triggerData)
  const faults = [
    ...findUserFaults(wanted),
    ...findTokenFaults(wanted),
    ...contacts.faults.map(({ path, message }) => ({ path: ['triggerData', ...path], message })),
    ...findChangeFaults(wanted),
  ]
  if (faults.length > 0) return fail(refusedInput(faults))
  const given = foldUserRef(wanted)
  const found = isGuess(given) ? await findUserId(scope, given) : succeed(given.userId)
  if (!found.ok) return fail(notApplied(found.failure))
  const checked = { ...wanted, triggerData: contacts.fields, takesBack: null }
  return changeUser(scope, { genauthId: found.value, given }, checked, selected)
}
