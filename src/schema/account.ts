import { type Account, toDisplayName, toUsername } from '../mfa/account.ts'
import { maskEmail, maskPhone } from '../mfa/mask.ts'
import { builder } from './builder.ts'
import { DateTimeType } from './date-time.ts'
import { MfaUserStatusEnum } from './enums.ts'

export const MfaAccountType = builder.objectRef<Account>('MfaAccount').implement({
  extensions: { needs: 'READ' },
  description:
    'The person whose second factors are shown, so that an operator recognises them. All of it comes from one look-up of the user in GenAuth.',
  fields: t => ({
    displayName: t.string({
      nullable: true,
      description:
        'The name to show. It is the name, otherwise the nickname, otherwise the user name. A phone or an e-mail address in their place is masked. `null` if the user has none of them.',
      resolve: toDisplayName,
    }),
    username: t.string({
      nullable: true,
      description:
        'The user name, for signing in. A phone or an e-mail address in its place is masked. `null` if the user has none.',
      resolve: toUsername,
    }),
    status: t.field({
      type: MfaUserStatusEnum,
      nullable: true,
      description:
        'The state of the account: whether it may be used at all. `null` if GenAuth says nothing that this version knows.',
      resolve: ({ status }) => status,
    }),
    phone: t.string({
      nullable: true,
      description:
        "The account's own phone, masked. Codes go to `UserMfa.phone`, which may be another. `null` if the user has none.",
      resolve: ({ phone }) => phone && maskPhone(phone),
    }),
    phoneCountryCode: t.string({
      nullable: true,
      description: 'The country code of `phone`, for example `+86`. `null` if GenAuth has stored none.',
      resolve: ({ phoneCountryCode }) => phoneCountryCode,
    }),
    email: t.string({
      nullable: true,
      description:
        "The account's own e-mail address, masked. Codes go to `UserMfa.email`, which may be another. `null` if the user has none.",
      resolve: ({ email }) => email && maskEmail(email),
    }),
    lastSignInAt: t.field({
      type: DateTimeType,
      nullable: true,
      description: 'The time of the last sign-in. `null` if GenAuth knows of none.',
      resolve: ({ lastSignInAt }) => lastSignInAt,
    }),
    lastMfaAt: t.field({
      type: DateTimeType,
      nullable: true,
      description:
        'The time at which the user last passed a second factor. `null` if GenAuth knows of none. GenAuth does not say which factor it was.',
      resolve: ({ lastMfaAt }) => lastMfaAt,
    }),
  }),
})
