import type { RecordDraft } from '../records/journal-record.ts'
import type { PolicyIntentRecord } from '../records/policy-records.ts'
import type { IntentRecord } from '../records/user-records.ts'

/** The facts of an intent that are kept until it is resolved. They are all that resolving it takes. */
export type IntentFacts = Pick<
  IntentRecord,
  'id' | 'time' | 'user' | 'sealedId' | 'revisionBefore' | 'revisionIntended'
> & { readonly seq: number }

/** An intent whose outcome the journal does not hold yet. */
export interface UnresolvedRecord {
  readonly intent: IntentFacts
  /** The time of its outcome `UNKNOWN` if nothing has followed it up. `null` if it has no outcome. */
  readonly unknownSince: string | null
  /**
   * `true` if another write to the same state of the same user was unresolved at the same time. Finding that state then
   * proves nothing about either of them.
   */
  readonly isContested: boolean
}

/** The facts of a change of a policy that are kept until its outcome is on record. */
export type OpenPolicyIntent = Pick<
  PolicyIntentRecord,
  'id' | 'time' | 'applicationId' | 'revisionIntended'
> & { readonly seq: number }

/** Says why a record cannot stand at its place. */
export type UnmatchedRecord = 'UNMATCHED_OUTCOME' | 'UNMATCHED_FOLLOW_UP'

/** The unresolved intents of a journal, updated with each record. A walk and a writer both use it. */
export interface Unresolved {
  /**
   * Takes in the next record.
   *
   * @param seq the place of the record in the chain
   * @returns `TAKEN`, or the reason why no intent was waiting for the record
   */
  note(record: RecordDraft, seq: number): 'TAKEN' | UnmatchedRecord
  /** The intents in order, by their ID. */
  readonly records: ReadonlyMap<string, UnresolvedRecord>
  /** The changes of policies without an outcome, in order, by their ID. */
  readonly policies: ReadonlyMap<string, OpenPolicyIntent>
  /** Returns `true` if an unresolved intent to this state of this user is contested. */
  isContested(aim: IntentAim): boolean
  /** Returns `true` if an intent to this state of this user is unresolved. */
  isAimedAt(aim: IntentAim): boolean
}

/** A state that a write was to make of a user. */
interface IntentAim {
  readonly user: Pick<IntentFacts['user'], 'genauthId' | 'idHash'>
  readonly revisionIntended: string
}

/**
 * Creates the empty collection. An outcome belongs to one intent without an outcome, and resolves it unless it is
 * `UNKNOWN`. A follow-up belongs to one outcome `UNKNOWN`, and resolves it whatever it found. A checkpoint brings the
 * intents of the earlier segments.
 */
export function createUnresolved(): Unresolved {
  const records = new Map<string, UnresolvedRecord>()
  const policies = new Map<string, OpenPolicyIntent>()
  const aims = createAims()

  function resolve(id: string, { intent }: UnresolvedRecord): void {
    records.delete(id)
    aims.remove(intent)
  }

  return {
    records,
    policies,
    isAimedAt: aim => aims.idsOf(aim).length > 0,
    isContested: aim => aims.idsOf(aim).some(id => records.get(id)?.isContested === true),
    note(record, seq) {
      switch (record.kind) {
        case 'intent': {
          const { id, time, user, sealedId, revisionBefore, revisionIntended } = record
          const intent = { id, seq, time, user, sealedId, revisionBefore, revisionIntended }
          const rivals = aims.add(intent)
          for (const rival of rivals) {
            const other = records.get(rival)
            if (other !== undefined) records.set(rival, { ...other, isContested: true })
          }
          records.set(id, { intent, unknownSince: null, isContested: rivals.length > 0 })
          return 'TAKEN'
        }
        case 'outcome': {
          const open = records.get(record.intent)
          if (open === undefined || open.unknownSince !== null) return 'UNMATCHED_OUTCOME'
          if (record.outcome === 'UNKNOWN') records.set(record.intent, { ...open, unknownSince: record.time })
          else resolve(record.intent, open)
          return 'TAKEN'
        }
        case 'policyIntent': {
          const { id, time, applicationId, revisionIntended } = record
          policies.set(id, { id, seq, time, applicationId, revisionIntended })
          return 'TAKEN'
        }
        case 'policyOutcome':
          return policies.delete(record.intent) ? 'TAKEN' : 'UNMATCHED_OUTCOME'
        case 'followUp': {
          const found = records.get(record.intent)
          if (found === undefined || found.unknownSince === null) return 'UNMATCHED_FOLLOW_UP'
          resolve(record.intent, found)
          return 'TAKEN'
        }
        case 'checkpoint':
          for (const carried of record.unresolved) {
            records.set(carried.intent.id, carried)
            aims.add(carried.intent)
          }
          for (const open of record.openPolicies ?? []) policies.set(open.id, open)
          return 'TAKEN'
        case 'probe':
        case 'scanStarted':
        case 'scanEnded':
        case 'opened':
        case 'rekeyed':
          return 'TAKEN'
      }
    },
  }
}

/** Knows which intents aim at the same state of the same user. */
function createAims() {
  const idsByAim = new Map<string, readonly string[]>()
  // A user without a recordable ID was named by that ID, and its hash is the same each time.
  const toAim = ({ user, revisionIntended }: IntentAim) =>
    `${user.genauthId ?? user.idHash} ${revisionIntended}`
  return {
    idsOf: (aim: IntentAim): readonly string[] => idsByAim.get(toAim(aim)) ?? [],
    /** @returns the IDs of the intents that had this aim before */
    add(intent: IntentFacts): readonly string[] {
      const aim = toAim(intent)
      const rivals = idsByAim.get(aim) ?? []
      idsByAim.set(aim, [...rivals, intent.id])
      return rivals
    },
    remove(intent: IntentFacts): void {
      const aim = toAim(intent)
      const others = (idsByAim.get(aim) ?? []).filter(id => id !== intent.id)
      if (others.length === 0) idsByAim.delete(aim)
      else idsByAim.set(aim, others)
    },
  }
}
