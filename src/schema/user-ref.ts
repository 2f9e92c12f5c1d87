import type { UserRef } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { UserIdTypeEnum } from './enums.ts'

/** The entry of a list that a result belongs to. It goes back to its caller, and nowhere else. */
export const MfaUserRefType = builder.objectRef<UserRef>('MfaUserRef').implement({
  extensions: { needs: 'READ' },
  description: 'The user that a result of a list is about, exactly as the request named them.',
  fields: t => ({
    userId: t.exposeString('userId', { description: 'The identifier as given.' }),
    userIdType: t.expose('userIdType', {
      type: UserIdTypeEnum,
      description: 'The kind of identifier as given.',
    }),
  }),
})
