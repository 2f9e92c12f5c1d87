/** The cases that each subject runs. Each case lists the calls to GenAuth that one operation makes. */
export const CASES = {
  'set-with-token': { title: 'mutation with mfaToken', users: 1, calls: { 'set-mfa-status': 1 } },
  set: {
    title: 'mutation without (read and write)',
    users: 1,
    calls: { 'get-mfa-status': 1, 'set-mfa-status': 1 },
  },
  'user-mfa': { title: 'userMfa, factors only', users: 1, calls: { 'get-mfa-status': 1 } },
  'users-mfa-1': { title: 'usersMfa of 1', users: 1, calls: { 'get-mfa-status': 1 } },
  'users-mfa-10': { title: 'usersMfa of 10', users: 10, calls: { 'get-mfa-status': 10 } },
  'users-mfa-50': { title: 'usersMfa of 50', users: 50, calls: { 'get-mfa-status': 50 } },
  'entities-50': { title: '_entities of 50', users: 50, calls: { 'get-mfa-status': 50 } },
} as const

export type CaseName = keyof typeof CASES

export const CASE_NAMES: readonly CaseName[] = [
  'set-with-token',
  'set',
  'user-mfa',
  'users-mfa-1',
  'users-mfa-10',
  'users-mfa-50',
  'entities-50',
]
