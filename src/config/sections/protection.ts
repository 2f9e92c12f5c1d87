import { hasInvisibleEnd } from '../../base/invisible.ts'
import type { ProtectionSettings } from '../../mfa/protected-users.ts'
import type { Environment } from '../environment.ts'
import { parsed, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'

/** As many as a file of secrets can hold. More people are a group. */
const MAX_PROTECTED_IDS = 500
/** A phone or an e-mail address would protect nobody, because it equals no id. */
const GENAUTH_ID = /^[\w-]{1,128}$/
const MAX_GROUP_CODE_LENGTH = 512

export const PROTECTION_VARIABLES = {
  PROTECTED_USERS: variable(
    'GenAuth ids of the users whose MFA nobody may weaken or redirect, separated by commas or line ends. Unset: none.',
    null,
    parsed(
      parseUserIds,
      `must be 1 to ${MAX_PROTECTED_IDS} GenAuth ids of letters, digits, _ and -, separated by commas or line ends`,
    ),
  ),
  PROTECTED_USERS_FILE: variable('File that holds them, in its place. Read again on SIGHUP.', null, word),
  PROTECTED_GROUP: variable(
    'Code of a GenAuth group whose members are protected like PROTECTED_USERS. A change of its members counts within a minute. Unset: none.',
    null,
    parsed(parseGroupCode, 'must be the code of one group, without a blank at its ends'),
  ),
}

/** Reads the protected users. */
export function readProtection(env: Environment): ProtectionSettings {
  const { PROTECTED_USERS: userIds, PROTECTED_GROUP: groupCode } = env.read(PROTECTION_VARIABLES)
  return { userIds: userIds ?? [], groupCode }
}

function parseUserIds(text: string): readonly string[] | null {
  const parts = text.split(/[,\r\n]/).map(part => part.trim())
  const userIds = parts.filter(part => part !== '')
  const isSound = userIds.length >= 1 && userIds.length <= MAX_PROTECTED_IDS
  return isSound && userIds.every(id => GENAUTH_ID.test(id)) ? userIds : null
}

function parseGroupCode(text: string): string | null {
  return hasInvisibleEnd(text) || text.length > MAX_GROUP_CODE_LENGTH || /[\p{Cc},]/u.test(text) ? null : text
}
