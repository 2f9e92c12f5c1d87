import { toDisplayName, toUsername } from '../mfa/account.ts'
import { maskEmail, maskPhone } from '../mfa/mask.ts'
import type { FoundUser } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { DateTimeType } from './date-time.ts'
import { MfaUserStatusEnum } from './enums.ts'
import { UserType } from './user-source.ts'

/** A user, as far as a person can be told. */
export type Person = Pick<FoundUser, 'ids' | 'account'>

export const MfaAccountType = builder.objectRef<Person>('MfaAccount').implement({
  extensions: { needs: 'READ' },
  description:
    'A person, so that an operator recognises them. All of it comes from one look-up of the user in GenAuth.',
  fields: t => ({
    id: t.id({
      description:
        "GenAuth's own id of the user, the same as `UserMfa.id`. Select it in every document: by it a cache joins what two documents say of one person.",
      resolve: ({ ids }) => ids.USER_ID,
    }),
    user: t.field({
      type: UserType,
      nullable: true,
      description:
        'The user, by the kind of id that your supergraph uses. `null` if the user has no id of that kind. It costs nothing more. Second factors are one field further: `user { mfa { posture } }`.',
      resolve: ({ ids }, _args, { mfa }) => {
        const id = ids[mfa.entityIdType]
        return id === null ? null : { id, mfa: null }
      },
    }),
    displayName: t.string({
      nullable: true,
      description:
        'The name to show. It is the name, otherwise the nickname, otherwise the user name. A phone or an e-mail address in their place is masked. `null` if the user has none of them.',
      resolve: ({ account }) => toDisplayName(account),
    }),
    username: t.string({
      nullable: true,
      description:
        'The user name, for signing in. A phone or an e-mail address in its place is masked. `null` if the user has none.',
      resolve: ({ account }) => toUsername(account),
    }),
    status: t.field({
      type: MfaUserStatusEnum,
      nullable: true,
      description:
        'The state of the account: whether it may be used at all. `null` if GenAuth says nothing that this version knows.',
      resolve: ({ account }) => account.status,
    }),
    phone: t.string({
      nullable: true,
      description:
        "The account's own phone, masked. Codes go to `UserMfa.phone`, which may be another. `null` if the user has none.",
      resolve: ({ account }) => account.phone && maskPhone(account.phone),
    }),
    phoneCountryCode: t.string({
      nullable: true,
      description: 'The country code of `phone`, for example `+86`. `null` if GenAuth has stored none.',
      resolve: ({ account }) => account.phoneCountryCode,
    }),
    email: t.string({
      nullable: true,
      description:
        "The account's own e-mail address, masked. Codes go to `UserMfa.email`, which may be another. `null` if the user has none.",
      resolve: ({ account }) => account.email && maskEmail(account.email),
    }),
    lastSignInAt: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The time of the last sign-in. `null` if GenAuth knows of none.',
      resolve: ({ account }) => account.lastSignInAt,
    }),
    lastMfaAt: t.field({
      type: DateTimeType,
      nullable: true,
      description:
        'The time at which the user last passed a second factor. `null` if GenAuth knows of none. GenAuth does not say which factor it was.',
      resolve: ({ account }) => account.lastMfaAt,
    }),
  }),
})
