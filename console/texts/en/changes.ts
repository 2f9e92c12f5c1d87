/** The words of a change. Every screen that shows one uses them. */
export const changes = {
  listLabel: 'What changes',
  nothing: 'No factor differs.',
  on: 'on',
  off: 'off',
  order: (sort: number) => `, order ${sort}`,
  absent: 'not in the list',
  becomes: 'becomes',
  warningsTitle: 'Warnings',
  warningsUnread: 'The warnings could not be read, so some may be missing.',
  warnings: {
    LOCK_NOT_SHARED:
      'Another change may have been made at the same moment, and one of the two may be lost. Look again.',
    LOOK_UP_FAILED: 'What is bound, or the settings of the pool, could not be read. Warnings may be missing.',
    SMS_WITHOUT_PHONE: 'SMS is on, and there is no phone to send codes to.',
    EMAIL_WITHOUT_EMAIL: 'E-mail is on, and there is no address to send codes to.',
    NO_BOUND_FACTOR: 'Factors are on, and the person has bound none of them.',
    LAST_FACTOR_REMOVED: 'No factor is left on.',
    APPLICATION_FOLLOWS_POOL:
      'The application follows the rules of the pool. Its own factors have no effect until it has rules of its own.',
    NO_POOL_FACTOR: 'No factor that this page knows is on for the pool.',
    USERS_WITHOUT_BOUND_FACTOR: 'Some active people have bound no factor, so they cannot pass any.',
    IDENTITY_SOURCES_NOT_SHOWN:
      'GenAuth can skip second factors for people of an identity source. No call of GenAuth shows which sources.',
    FACTOR_DISABLED_GLOBALLY: 'A factor is on that the whole pool has switched off.',
  },
  usersWithoutBoundFactor: (count: number) =>
    `${count} active ${count === 1 ? 'person has' : 'people have'} bound no factor at all, by a scan of the last seven days. They must bind one before they can pass any.`,
  sending: 'The change is being sent. Its result is not known yet.',
  preview: 'Preview',
  previewAgain: 'Preview again',
  stepUpAgain:
    'You have just signed in again, and it is still not enough. Tell the operator of this server: the issuer may not offer the kind of sign-in that the server demands.',
  /** A change that waited for a sign-in, and is gone. */
  gone: {
    OTHER_PERSON: 'You signed in as somebody else, so the change that waited is gone. It was not made.',
    EXPIRED:
      'The change waited for your sign-in longer than five minutes, so it is gone. It was not made. Begin it again if it is still needed.',
  },
  reason: 'Reason',
  reasonHelp: 'The server records it. Do not write phone numbers or addresses into it.',
  reasonAgain: 'Type the reason again. It was not kept over the sign-in.',
  reasonRequired: 'This change needs a reason.',
  allowNoFactor: 'Leave this person without any factor',
}
