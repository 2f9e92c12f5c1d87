import type { ChangeOutcome, FollowUpFinding } from '../../history/change.ts'
import type { HistorySource } from '../../history/history-entry.ts'
import type { HistoryKind } from '../../history/history-kind.ts'
import { builder } from '../builder.ts'
import { described } from '../enums.ts'

export const MfaHistorySourceEnum = builder.enumType('MfaHistorySource', {
  description: 'A source of a history.',
  values: described<HistorySource>({
    THIS_SERVICE:
      'The changes that this server made, of all its replicas. They come from its journal, through its store.',
    GENAUTH: "GenAuth's own log of what the user did.",
  }),
})

export const MfaHistoryKindEnum = builder.enumType('MfaHistoryKind', {
  description: 'The kind of an entry. New kinds may be added.',
  values: described<HistoryKind>({
    SET: 'A caller of this server changed what GenAuth has stored of the user.',
    UNDO: 'A caller of this server took an earlier change back. `revertOf` names it.',
    VERIFIED: 'The user passed a second factor. GenAuth does not say which one.',
    VERIFICATION_FAILED: 'The user failed to pass a second factor, for example by a wrong code.',
    BOUND: 'A factor was bound to the user. GenAuth does not say which one.',
    UNBOUND: 'A factor was unbound from the user. GenAuth does not say which one.',
  }),
})

export const MfaChangeOutcomeEnum = builder.enumType('MfaChangeOutcome', {
  description: 'The end of a write of this server, as its journal has it.',
  values: described<ChangeOutcome>({
    APPLIED: 'GenAuth has stored the change.',
    NOT_APPLIED: 'Nothing was changed, and that is proven.',
    UNKNOWN: 'The change may have been made. `followUp` says what a later look has found.',
  }),
})

export const MfaFollowUpEnum = builder.enumType('MfaFollowUp', {
  description:
    'The state that this server found when it looked at the user again after an outcome `UNKNOWN`. It does not say who made that state.',
  values: described<FollowUpFinding>({
    INTENDED: 'The state that the change was to make.',
    BEFORE: 'The state from before the change.',
    OTHER: 'A third state.',
    UNREADABLE: 'GenAuth could not be asked.',
    DROPPED: 'Nobody looked, because too many changes waited for a look.',
  }),
})
