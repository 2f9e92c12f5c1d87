import type { IntentRecord, RecordDraft } from '../records.ts'

/** What is kept of an intent until it is resolved: all that finding out about it takes. */
export type IntentFacts = Pick<
  IntentRecord,
  'id' | 'time' | 'user' | 'sealedId' | 'revisionBefore' | 'revisionIntended'
> & { readonly seq: number }

/** An intent of which the journal does not say yet what became of it. */
export interface UnresolvedRecord {
  readonly intent: IntentFacts
  /** The time of its outcome `UNKNOWN`, which nothing has followed up. `null` if it has no outcome. */
  readonly unknownSince: string | null
  /**
   * Another write to the same state of the same user was unresolved beside this one. Finding that state proves nothing
   * about either of them.
   */
  readonly isContested: boolean
}

/** Why a record cannot stand where it does. */
export type UnmatchedRecord = 'UNMATCHED_OUTCOME' | 'UNMATCHED_FOLLOW_UP'

/** The intents of a journal that are not resolved, kept record by record, for a walk and for a writer alike. */
export interface Unresolved {
  /**
   * Takes the next record in.
   *
   * @param seq the place of the record in the chain
   * @returns `TAKEN`, or why the record belongs to no intent that was waiting for it
   */
  note(record: RecordDraft, seq: number): 'TAKEN' | UnmatchedRecord
  /** By the id of the intent, in the order of the intents. */
  readonly records: ReadonlyMap<string, UnresolvedRecord>
  /** Whether an unresolved intent to this state of this user is contested. */
  isContested(aim: IntentAim): boolean
}

/** A state that a write was to make of a user. */
interface IntentAim {
  readonly user: Pick<IntentFacts['user'], 'genauthId' | 'idHash'>
  readonly revisionIntended: string
}

/**
 * An outcome belongs to one intent without an outcome, and resolves it, unless it is `UNKNOWN`. A follow-up belongs to
 * one outcome `UNKNOWN`, and resolves it whatever it found. A checkpoint has those of the segments before.
 */
export function createUnresolved(): Unresolved {
  const records = new Map<string, UnresolvedRecord>()
  const aims = createAims()

  function resolve(id: string, { intent }: UnresolvedRecord): void {
    records.delete(id)
    aims.remove(intent)
  }

  return {
    records,
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
          return 'TAKEN'
        case 'probe':
        case 'opened':
        case 'rekeyed':
          return 'TAKEN'
      }
    },
  }
}

/** Which intents aim at the same state of the same user. */
function createAims() {
  const idsByAim = new Map<string, Set<string>>()
  // A user without a recordable id was given by that id, and its hash is the same each time.
  const toAim = ({ user, revisionIntended }: IntentAim) =>
    `${user.genauthId ?? user.idHash} ${revisionIntended}`
  return {
    idsOf: (aim: IntentAim): string[] => [...(idsByAim.get(toAim(aim)) ?? [])],
    /** @returns the ids of those that had this aim before */
    add(intent: IntentFacts): string[] {
      const aim = toAim(intent)
      const ids = idsByAim.get(aim) ?? new Set()
      const rivals = [...ids]
      idsByAim.set(aim, ids.add(intent.id))
      return rivals
    },
    remove(intent: IntentFacts): void {
      const aim = toAim(intent)
      const ids = idsByAim.get(aim)
      ids?.delete(intent.id)
      if (ids?.size === 0) idsByAim.delete(aim)
    },
  }
}
