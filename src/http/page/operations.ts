/** One document that a support desk needs, and variables, as JSON, that work on the sandbox. */
export interface Operation {
  readonly document: string
  readonly variables: string
}

/** `operations/`, in the order of their tabs. Written by `npm run operations`; a test compares. */
export const OPERATIONS: readonly [Operation, ...Operation[]] = [
  {
    document: `# Who has which second factors switched on, and which are really bound? Any exact identifier will do.
query FindUser($userId: String!, $userIdType: UserIdType! = USER_ID) {
  userMfa(userId: $userId, userIdType: $userIdType) {
    __typename
    ... on UserMfa {
      user {
        id
      }
      posture
      phone
      email
      revision
      factors {
        code
        enabled
        sort
        bound
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "userId": "ada@example.com",
  "userIdType": "EMAIL"
}`,
  },
  {
    document: `# The same for up to 50 users, in the order asked. One who cannot be shown is an error in that place.
query FindUsers($users: [UserRefInput!]!) {
  usersMfa(users: $users) {
    __typename
    ... on UsersMfaSuccess {
      results {
        __typename
        ... on UserMfa {
          posture
          revision
          factors {
            code
            enabled
            sort
          }
        }
        ... on MfaError {
          code
          message
          retryable
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "users": [
    { "userId": "65a000000000000000000001", "userIdType": "USER_ID" },
    { "userId": "katherine", "userIdType": "USERNAME" },
    { "userId": "65a0000000000000000000aa", "userIdType": "USER_ID" }
  ]
}`,
  },
  {
    document: `# A new address for e-mail codes, with e-mail switched on; everything else is kept. The address comes back masked.
mutation ChangeEmail(
  $userId: String!
  $userIdType: UserIdType! = USER_ID
  $email: String!
  $expectedRevision: String
  $reason: String
) {
  setUserMfaStatus(
    input: {
      userId: $userId
      userIdType: $userIdType
      enable: [EMAIL]
      triggerData: { mfaEmail: $email }
      expectedRevision: $expectedRevision
      reason: $reason
    }
  ) {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      changes {
        code
        before {
          enabled
          sort
        }
        after {
          enabled
          sort
        }
      }
      warnings {
        code
        message
      }
      userMfa {
        email
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaRevisionConflictError {
      current {
        email
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaUpstreamUnavailableError {
      outcome
      observed {
        email
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "userId": "grace@example.com",
  "userIdType": "EMAIL",
  "email": "grace.hopper@example.com"
}`,
  },
  {
    document: `# What would switching these do? The same answer as the real call, and nothing is written.
mutation PreviewChange(
  $userId: String!
  $userIdType: UserIdType! = USER_ID
  $enable: [MfaFactorType!]
  $disable: [MfaFactorType!]
  $expectedRevision: String
  $reason: String
  $allowNoFactor: Boolean! = false
) {
  setUserMfaStatus(
    input: {
      userId: $userId
      userIdType: $userIdType
      enable: $enable
      disable: $disable
      expectedRevision: $expectedRevision
      reason: $reason
      allowNoFactor: $allowNoFactor
      dryRun: true
    }
  ) {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      changes {
        code
        before {
          enabled
          sort
        }
        after {
          enabled
          sort
        }
      }
      warnings {
        code
        message
      }
      userMfa {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaRevisionConflictError {
      current {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaUpstreamUnavailableError {
      outcome
      observed {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "userId": "65a000000000000000000001",
  "disable": ["SMS", "OTP"],
  "allowNoFactor": true
}`,
  },
  {
    document: `# The device is lost: takes every known factor off the list, for a stated reason. What is bound stays bound.
mutation RemoveAllFactors(
  $userId: String!
  $userIdType: UserIdType! = USER_ID
  $expectedRevision: String
  $reason: String!
) {
  setUserMfaStatus(
    input: {
      userId: $userId
      userIdType: $userIdType
      factors: []
      allowNoFactor: true
      expectedRevision: $expectedRevision
      reason: $reason
    }
  ) {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      changes {
        code
        before {
          enabled
          sort
        }
        after {
          enabled
          sort
        }
      }
      warnings {
        code
        message
      }
      userMfa {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaRevisionConflictError {
      current {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaUpstreamUnavailableError {
      outcome
      observed {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "userId": "65a000000000000000000004",
  "reason": "Phone stolen, identity checked by call-back"
}`,
  },
  {
    document: `# The whole list, first choice first: a known factor that is left out is removed. Everything else about the user is kept.
mutation SetFactors(
  $userId: String!
  $userIdType: UserIdType! = USER_ID
  $factors: [MfaFactorInput!]!
  $expectedRevision: String
  $reason: String
) {
  setUserMfaStatus(
    input: {
      userId: $userId
      userIdType: $userIdType
      factors: $factors
      expectedRevision: $expectedRevision
      reason: $reason
    }
  ) {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      changes {
        code
        before {
          enabled
          sort
        }
        after {
          enabled
          sort
        }
      }
      warnings {
        code
        message
      }
      userMfa {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaRevisionConflictError {
      current {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaUpstreamUnavailableError {
      outcome
      observed {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "userId": "65a000000000000000000001",
  "factors": [
    { "type": "OTP", "enabled": true },
    { "type": "SMS", "enabled": true }
  ]
}`,
  },
  {
    document: `# The same switch for up to 50 users, each with its own result. Not a transaction; nobody is set twice.
mutation SwitchFactorsOfUsers(
  $users: [UserRefInput!]!
  $enable: [MfaFactorType!]
  $disable: [MfaFactorType!]
  $onError: MfaOnError! = CONTINUE
  $reason: String
  $dryRun: Boolean! = false
) {
  setUsersMfaStatus(
    input: {
      users: $users
      enable: $enable
      disable: $disable
      onError: $onError
      reason: $reason
      dryRun: $dryRun
    }
  ) {
    __typename
    ... on SetUsersMfaStatusSuccess {
      succeeded
      failed
      notAttempted
      results {
        __typename
        ... on SetUserMfaStatusSuccess {
          applied
          changes {
            code
            after {
              enabled
              sort
            }
          }
        }
        ... on MfaDuplicateUserError {
          firstIndex
        }
        ... on MfaError {
          code
          message
          retryable
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "users": [
    { "userId": "65a000000000000000000005", "userIdType": "USER_ID" },
    { "userId": "katherine", "userIdType": "USERNAME" },
    { "userId": "barbara@example.com", "userIdType": "EMAIL" }
  ],
  "enable": ["OTP"]
}`,
  },
  {
    document: `# Switches factors on and off, keeps everything else. With the revision shown, only if nothing has changed since.
mutation SwitchFactors(
  $userId: String!
  $userIdType: UserIdType! = USER_ID
  $enable: [MfaFactorType!]
  $disable: [MfaFactorType!]
  $expectedRevision: String
  $reason: String
) {
  setUserMfaStatus(
    input: {
      userId: $userId
      userIdType: $userIdType
      enable: $enable
      disable: $disable
      expectedRevision: $expectedRevision
      reason: $reason
    }
  ) {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      changes {
        code
        before {
          enabled
          sort
        }
        after {
          enabled
          sort
        }
      }
      warnings {
        code
        message
      }
      userMfa {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaInvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on MfaRevisionConflictError {
      current {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaUpstreamUnavailableError {
      outcome
      observed {
        revision
        factors {
          code
          enabled
          sort
        }
      }
    }
    ... on MfaError {
      code
      message
      retryable
    }
  }
}
`,
    variables: `{
  "userId": "65a000000000000000000005",
  "enable": ["EMAIL"],
  "disable": ["SMS"],
  "reason": "Phone number given up"
}`,
  },
]
