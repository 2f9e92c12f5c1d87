import { row } from './failure-row.ts'
import type { NotRevertibleReason } from './not-revertible-reason.ts'

interface NotRevertible {
  readonly why: NotRevertibleReason
  /** `true` while it may still be found out that the change was made. */
  readonly retryable: boolean
}

/** The failures of work with the changes that this server made earlier. */
export const HISTORY_FAILURES = {
  CHANGE_NOT_FOUND: row<{ readonly retryable: boolean }>({
    type: 'MfaChangeNotFoundError',
    cause: 'This server knows no such change.',
    detail:
      'It keeps the changes that it made itself, for `HISTORY_DAYS`. Entries of GenAuth are none of them. Nothing was changed.',
    advice: 'Choose a change from the history of the user.',
    message:
      'This server knows no such change, or no longer; nothing was changed. Choose one from the history of the user.',
    isRetryable: ({ retryable }) => retryable,
    inReads: 'NEVER',
  }),
  NOT_REVERTIBLE: row<NotRevertible>({
    type: 'MfaNotRevertibleError',
    cause: 'The change cannot be undone; `why` says the reason.',
    detail: 'Nothing was changed.',
    advice: 'Explain `why`, read the user, and let a person set the factors.',
    message({ why }) {
      switch (why) {
        case 'CONTACTS_CHANGED':
          return 'This change set contacts, names or flags, too, and the old ones are kept nowhere; nothing was changed. Set them by hand.'
        case 'STATE_BEFORE_UNKNOWN':
          return 'The state before this change is not known, because it was not read, or because its record is under a key that is gone; nothing was changed. Set the factors by hand.'
        case 'NOT_APPLIED':
          return 'This change was never made, so there is nothing to undo; nothing was changed.'
        case 'OUTCOME_UNKNOWN':
          return 'Whether this change was made is not known, or not yet; nothing was changed. Read the user, and set the factors by hand.'
        case 'NO_MFA_TOKEN':
          return 'GenAuth holds no mfaToken for this user; nothing was changed. Set the factors by setUserMfaStatus with a token.'
      }
    },
    isRetryable: ({ retryable }) => retryable,
    inReads: 'NEVER',
  }),
}
