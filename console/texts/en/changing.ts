/** Words of changes that concern many people. */
export const changing = {
  reason: 'Reason',
  reasonHelp: 'It is kept in the journal of this server alone. Write no secret in it.',
  reasonRequired: 'This change needs a reason.',
  preview: 'Preview',
  previewAgain: 'Preview again',
  apply: 'Apply',
  back: 'Back',
  on: 'on',
  off: 'off',
  leave: 'leave as it is',
  switchOf: (factor: string, isOn: boolean) => `${factor}: switch ${isOn ? 'on' : 'off'}`,
  nothingChosen: 'Choose at least one factor to switch.',
  typeNumber: (count: number) => `Type ${count} to confirm`,
  typeText: (text: string) => `Type “${text}” to confirm`,
  wrongConfirmation: 'This is something else. Nothing was sent.',
  warnings: 'Warnings',
  isBack: 'You are back from the sign-in. The change waits as a preview: nothing was sent.',
  stepUpAgain:
    'You have just signed in, and it is still not enough. Tell the operator of this server: the issuer may not offer the kind of sign-in that the server demands.',
  warningsOf: {
    LOCK_NOT_SHARED: 'Another replica of this server may have changed the same at this moment. Look again.',
    LOOK_UP_FAILED:
      'The bindings or the settings of the pool could not be read, so a warning may be missing.',
    SMS_WITHOUT_PHONE: 'SMS is on, and there is no phone to send codes to.',
    EMAIL_WITHOUT_EMAIL: 'E-mail is on, and there is no address to send codes to.',
    NO_BOUND_FACTOR: 'None of the factors that are on is bound.',
    LAST_FACTOR_REMOVED: 'No factor is left on that this page knows.',
    APPLICATION_FOLLOWS_POOL:
      'The application follows the rules of the pool. Its own factors have no effect until it has rules of its own.',
    NO_POOL_FACTOR: 'No factor is on for the pool that this page knows.',
    USERS_WITHOUT_BOUND_FACTOR:
      'Some active people have bound no factor at all. They must bind one before they can pass any.',
    IDENTITY_SOURCES_NOT_SHOWN:
      'GenAuth can skip second factors for people of an identity source. No call shows for which.',
    FACTOR_DISABLED_GLOBALLY: 'A factor is on that is switched off for the whole pool.',
  },
  usersWithout: (count: number) =>
    `${count} active ${count === 1 ? 'person has' : 'people have'} bound no factor at all, by a scan of the last seven days. They must bind one before they can pass any.`,
}
