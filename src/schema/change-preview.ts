import { diffContacts } from '../mfa/contact-change.ts'
import { diffFactors } from '../mfa/diff.ts'
import type { SeenMfa } from '../mfa/failure-details.ts'
import type { PreviewedChange } from '../mfa/user-change.ts'
import { builder } from './builder.ts'
import { MfaContactChangeType, MfaFactorChangeType, MfaWarningType, resolveWarnings } from './change-parts.ts'
import { MfaChangeEffectEnum } from './enums.ts'
import { stateFields } from './state-fields.ts'

const MfaPreviewStateType = builder.objectRef<SeenMfa>('MfaPreviewState').implement({
  extensions: { needs: 'READ' },
  description:
    'A state that nobody has written. It has no id, so that no cache takes it for the state of the user.',
  fields: stateFields,
})

/** The differences are never null, because a dry run always reads the state before. */
export const SetUserMfaStatusPreviewType = builder
  .objectRef<PreviewedChange>('SetUserMfaStatusPreview')
  .implement({
    extensions: { needs: 'READ' },
    description: 'The result that a change or an undo would have. Nothing was written.',
    fields: t => ({
      userId: t.id({
        description:
          "GenAuth's own id of the user. To make the change, send it as `userId` of the type `USER_ID`, together with `expectedRevision`. An undo needs neither.",
        resolve: ({ user }) => user.userId,
      }),
      expectedRevision: t.exposeString('expectedRevision', {
        description:
          'The revision of the state that the preview was made from. Send it with the change itself: if the state has changed since, the change is refused with `MfaRevisionConflictError`.',
      }),
      requestId: t.string({
        description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
        resolve: (_change, _args, context) => context.requestId,
      }),
      changed: t.exposeBoolean('isChange', {
        description: '`true` if the change would write anything, contacts and flags included.',
      }),
      changes: t.field({
        type: [MfaFactorChangeType],
        description: 'The factors that would differ, in sign-in order. Removed factors come last.',
        resolve: ({ before, after }) => diffFactors(before.factors, after.factors),
      }),
      contactChanges: t.field({
        type: [MfaContactChangeType],
        description: 'The contacts that would differ, masked.',
        resolve: ({ before, after }) => diffContacts(before, after),
      }),
      effects: t.field({
        type: [MfaChangeEffectEnum],
        description:
          'The effects that the guard rails judge the change to have. They depend on what the request names, even if the state is so already. The list is empty if there is none.',
        resolve: ({ effects }) => [...effects],
      }),
      warnings: t.field({
        type: [MfaWarningType],
        nullable: true,
        description:
          'Warnings about the change and the state after it. If any factor would be on, selecting it reads what the user has bound and, once a minute, the settings of the user pool. `null`, with an error at its path, if one of them could not be read.',
        resolve: resolveWarnings,
      }),
      after: t.field({
        type: MfaPreviewStateType,
        description: 'The state that the user would be in.',
        resolve: ({ user, after }) => ({ user, state: after }),
      }),
    }),
  })
