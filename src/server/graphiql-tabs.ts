const ADA = '65a000000000000000000001'
const BARBARA = '65a000000000000000000005'
const ERROR = '... on MfaError { code message retryable }'

/** One ready example: a document with a comment that says what it is for, and variables of the sandbox. */
interface GraphiqlTab {
  readonly query: string
  readonly variables: object
}

function readUser(name: string, comment: string): string {
  return `# ${comment}
query ${name}($userId: String!) {
  userMfa(userId: $userId) {
    __typename
    ... on UserMfa {
      posture
      phone
      email
      revision
      factors { code enabled sort bound }
    }
    ${ERROR}
  }
}
`
}

function setUser(name: string, comment: string): string {
  return `# ${comment}
mutation ${name}($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) {
    __typename
    ... on SetUserMfaStatusSuccess {
      changed
      applied
      changes { code before { enabled sort } after { enabled sort } }
      warnings { code message }
      userMfa { revision factors { code enabled sort } }
    }
    ... on MfaInvalidInputError { fieldErrors { path message } }
    ... on MfaRevisionConflictError { current { revision factors { code enabled sort } } }
    ... on MfaUpstreamUnavailableError { outcome observed { factors { code enabled sort } } }
    ${ERROR}
  }
}
`
}

const SET_SEVERAL = `# The same patch for several users, each with its own result. Nobody is set twice.
mutation SetSeveral($input: SetUsersMfaStatusInput!) {
  setUsersMfaStatus(input: $input) {
    __typename
    ... on SetUsersMfaStatusSuccess {
      succeeded
      failed
      notAttempted
      results {
        __typename
        ... on SetUserMfaStatusSuccess { applied changes { code } }
        ... on MfaDuplicateUserError { firstIndex }
        ${ERROR}
      }
    }
    ... on MfaInvalidInputError { fieldErrors { path message } }
  }
}
`

/** Fields with defaults are given too: the page underlines them as missing where they are left out. */
export const GRAPHIQL_TABS: readonly [GraphiqlTab, ...GraphiqlTab[]] = [
  {
    query: readUser('Read', 'Who has which second factors on, and which are really bound?'),
    variables: { userId: ADA },
  },
  {
    query: setUser(
      'Set',
      'The whole list: one-time password first, then SMS. Everything else about the user is kept.',
    ),
    variables: {
      input: {
        userId: ADA,
        userIdType: 'USER_ID',
        factors: [
          { type: 'OTP', enabled: true },
          { type: 'SMS', enabled: true },
        ],
        allowNoFactor: false,
        dryRun: false,
      },
    },
  },
  {
    query: setUser('SetByEmail', 'A user found by e-mail address, with a new address for the e-mail factor.'),
    variables: {
      input: {
        userId: 'grace@example.com',
        userIdType: 'EMAIL',
        factors: [
          { type: 'EMAIL', enabled: true },
          { type: 'FACE', enabled: false },
        ],
        triggerData: { mfaEmail: 'grace.hopper@example.com' },
        allowNoFactor: false,
        dryRun: false,
      },
    },
  },
  {
    query: setUser(
      'Patch',
      'Switches two factors and keeps everything else, a factor that nobody knows included.',
    ),
    variables: {
      input: {
        userId: BARBARA,
        userIdType: 'USER_ID',
        enable: ['EMAIL'],
        disable: ['SMS'],
        allowNoFactor: false,
        dryRun: false,
      },
    },
  },
  {
    query: setUser('DryRun', 'What would happen? The same answer as the real call, and nothing is written.'),
    variables: {
      input: {
        userId: ADA,
        userIdType: 'USER_ID',
        disable: ['SMS', 'OTP'],
        allowNoFactor: true,
        dryRun: true,
      },
    },
  },
  {
    query: setUser(
      'Conflict',
      'Refused, because the state is not the one of this revision. Take the one of `current`.',
    ),
    variables: {
      input: {
        userId: ADA,
        userIdType: 'USER_ID',
        enable: ['FACE'],
        expectedRevision: 'r1.seen-some-time-ago',
        allowNoFactor: false,
        dryRun: false,
      },
    },
  },
  {
    query: SET_SEVERAL,
    variables: {
      input: {
        users: [
          { userId: BARBARA, userIdType: 'USER_ID' },
          { userId: 'katherine', userIdType: 'USERNAME' },
          { userId: 'barbara@example.com', userIdType: 'EMAIL' },
        ],
        enable: ['OTP'],
        onError: 'CONTINUE',
        allowNoFactor: false,
        dryRun: false,
      },
    },
  },
  {
    query: readUser('UnknownUser', 'What a front end gets for a user whom nobody knows.'),
    variables: { userId: '65a0000000000000000000aa' },
  },
]
