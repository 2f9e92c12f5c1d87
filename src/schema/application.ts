import type { PolicyApplication } from '../policy/application.ts'
import { builder } from './builder.ts'

export const MfaApplicationType = builder.objectRef<PolicyApplication>('MfaApplication').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description: 'An application of the user pool, to which users sign in.',
  fields: t => ({
    id: t.exposeID('id', { description: "GenAuth's id of the application." }),
    name: t.exposeString('name', { description: 'The name of the application, for people.' }),
    identifier: t.exposeString('identifier', {
      description: 'The name of the application in its address.',
    }),
    type: t.exposeString('type', {
      description: "GenAuth's word for the kind of application: `web`, `spa`, `native`, `api` and others.",
    }),
    hasOwnRules: t.boolean({
      nullable: true,
      description:
        '`true` if the application has security rules of its own. `false` if it follows those of the user pool. `null` if GenAuth does not say.',
      resolve: ({ hasOwnRules }) => hasOwnRules,
    }),
  }),
})
