import type { PolicyApplication } from '../policy/application.ts'
import { builder } from './builder.ts'

export const MfaApplicationType = builder.objectRef<PolicyApplication>('MfaApplication').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description: 'An application of the user pool, to which users sign in.',
  fields: t => ({
    id: t.exposeID('id', { description: "GenAuth's id of the application: `62a500000000000000d15d57`." }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name of the application, for people. `null` if GenAuth does not say.',
    }),
    identifier: t.exposeString('identifier', {
      nullable: true,
      description:
        'The name of the application in its address: `example-web`. `null` if GenAuth does not say.',
    }),
    type: t.exposeString('type', {
      nullable: true,
      description:
        "GenAuth's word for the kind of application: `web`, `spa`, `native`, `api` and others. `null` if GenAuth does not say.",
    }),
    hasOwnRules: t.boolean({
      nullable: true,
      description:
        '`true` if the application has security rules of its own. `false` if it follows those of the user pool. `null` if GenAuth does not say.',
      resolve: ({ hasOwnRules }) => hasOwnRules,
    }),
  }),
})
