export const rights = {
  title: 'What may I do?',
  lead: 'The server decides this by your sign-in. A guard rail may still refuse a change.',
  who: 'Your sign-in',
  name: 'Name',
  subject: 'Subject at the issuer',
  signedInAt: 'Signed in',
  noSignedInAt: 'the issuer does not say',
  endsAt: 'Ends',
  noEnd: 'the issuer does not say',
  scopes: 'Scopes that this server knows',
  noScopes: 'none',
  rights: 'Your rights',
  right: 'Right',
  allowed: 'Allowed',
  kinds: {
    mayRead: 'Find people, and see their second factors',
    mayWrite: 'Change the second factors of people',
    mayReport: 'Scan for people without a second factor, and see the figures',
    maySetPolicy: 'Change the factors of the user pool and of applications',
    maySeeHistory: 'See the history of a person: who changed what',
  },
  howToGet: 'If a right is missing, ask the people who grant rights at your issuer for its scope.',
  limits: 'Your limits',
  noLimits: 'This server has no limits for you.',
  limit: 'Limit',
  left: 'Left',
  window: 'In',
  resetsAt: 'All of it again',
  leftOf: (left: number, limit: number) => `${left} of ${limit}`,
  nothingUsed: 'nothing is used',
  windowOf: (seconds: number) =>
    seconds % 3_600 === 0
      ? `${seconds / 3_600} h`
      : seconds % 60 === 0
        ? `${seconds / 60} min`
        : `${seconds} s`,
  limitKinds: {
    READS: 'Reads: each place where a person is shown',
    WRITES: 'Changes: each person to be changed',
    WEAKENINGS: 'Changes that weaken the protection of a person',
    MISSES: 'Searches and identifiers that find nobody',
    POLICY: 'Factors switched off for the user pool or an application',
  },
  limitsHelp:
    'The server counts a limit in a window of time. No part of it is given back before the window ends.',
}
