import type { JournalBreak, JournalBreakKind } from './walk-journal.ts'

/** The text for each kind of break, about its line. */
const BREAK_MEANINGS: Readonly<Record<JournalBreakKind, string>> = {
  NOT_A_RECORD: 'this is no record as the journal writes it: altered or inserted',
  ALTERED: 'the hash does not fit the content: altered or inserted',
  ALTERED_OR_OTHER_KEY: 'the hash does not fit the content: the key is another one, or the line was altered',
  MISSING_BEFORE:
    'the record is genuine but comes too early: lines before it were removed, or it was moved up',
  REPEATED: 'the record is genuine but was here before: duplicated, or moved down',
  OTHER_CHAIN: 'the record is genuine but continues another one: it comes from another copy of the journal',
  UNMATCHED_OUTCOME: 'this outcome belongs to no open intent: a fault of the program that wrote it',
  UNMATCHED_FOLLOW_UP:
    'this follow-up belongs to no outcome UNKNOWN that waits for one: a fault of the program that wrote it',
  OTHER_SEGMENT: 'this is another segment than its name says: files were renamed',
  MISSING_SEGMENT: 'a segment before this one is missing, or it is in the wrong place',
  OTHER_UNRESOLVED:
    'this checkpoint does not bring what the segment before leaves unresolved: a fault of the program that wrote it',
  UNFINISHED_HEAD:
    'the checkpoints at the head of this segment announce more intents than they bring: it was cut',
  CUT_OFF: 'the store holds fewer records here than were appended: whole records were removed at the end',
  OTHER_RUN: 'the records belong to another chain than their place says: a copy, or moved',
  UNKNOWN_KEY: 'from here on the journal is under a key that was not given',
}

export function describeBreak({ what }: JournalBreak): string {
  return BREAK_MEANINGS[what]
}
