import type { Change, ChangeActor } from '../../history/change.ts'
import { type HistoryEntry, toPlace } from '../../history/history-entry.ts'
import { toHistoryKind } from '../../history/history-kind.ts'
import { judgeRevert } from '../../history/judge-revert.ts'
import type { UserEvent } from '../../history/user-event.ts'
import { diffFactors } from '../../mfa/diff.ts'
import { builder } from '../builder.ts'
import { MfaFactorChangeType } from '../change-parts.ts'
import { DateTimeType } from '../date-time.ts'
import { MfaChangeOutcomeEnum, MfaFollowUpEnum, MfaHistoryKindEnum, MfaHistorySourceEnum } from './enums.ts'

const MfaActorType = builder.objectRef<ChangeActor>('MfaActor').implement({
  extensions: { needs: 'AUDIT' },
  description: 'The caller who asked for a change, as the token named it.',
  fields: t => ({
    subject: t.exposeString('subject', {
      description: 'The `sub` of the token, in the words of the issuer.',
    }),
    client: t.exposeString('client', {
      nullable: true,
      description: 'The application that the caller used. `null` if the token did not say.',
    }),
  }),
})

/** Returns the change of an entry, or `null` if GenAuth logged it. */
const changeOf = (entry: HistoryEntry): Change | null =>
  entry.source === 'THIS_SERVICE' ? entry.change : null
const eventOf = (entry: HistoryEntry): UserEvent | null => (entry.source === 'GENAUTH' ? entry.event : null)

export const MfaHistoryEntryType = builder.objectRef<HistoryEntry>('MfaHistoryEntry').implement({
  extensions: { needs: 'AUDIT' },
  description:
    'One thing that happened to the second factors of a user. It holds no contact, no address and no place but a country.',
  fields: t => ({
    id: t.id({
      description:
        'The id of the entry, always the same. For a change of this server, it is the id of the change.',
      resolve: entry => toPlace(entry).id,
    }),
    at: t.field({
      type: DateTimeType,
      description:
        'The time. For a change of this server, it is the time at which the write was put on record.',
      resolve: entry => new Date(toPlace(entry).atMs),
    }),
    source: t.expose('source', { type: MfaHistorySourceEnum, description: 'The source of the entry.' }),
    kind: t.field({ type: MfaHistoryKindEnum, description: 'The kind of event.', resolve: toHistoryKind }),
    actor: t.field({
      type: MfaActorType,
      nullable: true,
      description:
        "The caller of this server who asked for the change. `null` for an entry of GenAuth's log, which is about the user.",
      resolve: entry => changeOf(entry)?.actor,
    }),
    reason: t.string({
      nullable: true,
      description:
        'The words that the caller gave as a reason. `null` if there are none, for an entry of GenAuth, or if no `AUDIT_KEY` of this server can decrypt them.',
      resolve: entry => {
        const reason = changeOf(entry)?.reason
        return reason?.kind === 'GIVEN' ? reason.text : null
      },
    }),
    outcome: t.field({
      type: MfaChangeOutcomeEnum,
      nullable: true,
      description:
        'The end of the write. `null` for an entry of GenAuth, and while no outcome is on record. The write is then under way, or the server that made it has stopped.',
      resolve: entry => changeOf(entry)?.outcome,
    }),
    followUp: t.field({
      type: MfaFollowUpEnum,
      nullable: true,
      description:
        'The state that a later look has found after the outcome `UNKNOWN`. `null` if there was none.',
      resolve: entry => changeOf(entry)?.followUp,
    }),
    changes: t.field({
      type: [MfaFactorChangeType],
      nullable: true,
      directives: { listSize: { assumedSize: 4 } },
      description:
        'The factors that differ between the state before and the state that the write asked for, in the order after it. `null` for an entry of GenAuth, and if the state before was not known. See `outcome` for whether the change was made.',
      resolve: entry => {
        const change = changeOf(entry)
        return change?.factorsBefore ? diffFactors(change.factorsBefore, change.factorsAfter) : null
      },
    }),
    changedFields: t.stringList({
      nullable: true,
      description:
        'The names of the other stored fields that differ, such as `mfaPhone`, never their values. If the state before was not known, all fields that had a value. `null` for an entry of GenAuth.',
      resolve: entry => {
        const change = changeOf(entry)
        return change && [...change.changedFields]
      },
    }),
    applicationId: t.id({
      nullable: true,
      description:
        "GenAuth's id of the application that the user signed in to. `null` if GenAuth names none, and for a change of this server.",
      resolve: entry => eventOf(entry)?.applicationId,
    }),
    country: t.string({
      nullable: true,
      description:
        'The country from which the user came, as two letters (ISO 3166-1), by the IP address. `null` if GenAuth does not say, and for a change of this server.',
      resolve: entry => eventOf(entry)?.country,
    }),
    revertOf: t.id({
      nullable: true,
      description: 'The id of the change that this one takes back. `null` if it takes back none.',
      resolve: entry => changeOf(entry)?.revertOf,
    }),
    revertible: t.boolean({
      description:
        '`true` if the records of this server allow to take the change back. It is refused all the same if the user has changed since. Always `false` for an entry of GenAuth.',
      resolve: entry => {
        const change = changeOf(entry)
        return change !== null && judgeRevert(change).kind === 'REVERTIBLE'
      },
    }),
    requestId: t.string({
      nullable: true,
      description:
        "The id of the request: of this server's own, or of GenAuth's. `null` if GenAuth does not say.",
      resolve: entry => (changeOf(entry) ?? eventOf(entry))?.requestId,
    }),
  }),
})
