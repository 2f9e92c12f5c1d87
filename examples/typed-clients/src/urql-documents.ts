import { initGraphQLTada } from 'gql.tada'
import type { introspection } from '../generated/graphql-env.js'

const graphql = initGraphQLTada<{
  introspection: introspection
  disableMasking: true
  scalars: { DateTime: string }
}>()

// gql.tada reads types out of the text itself, so the text must stand here. A test compares it with
// operations/.

const UserMfaFields = graphql(`
  fragment UserMfaFields on UserMfa {
    id
    revision
    posture
    phone
    phoneCountryCode
    email
    factors {
      code
      type
      enabled
      sort
      bound
    }
  }
`)

const MfaErrorFields = graphql(`
  fragment MfaErrorFields on MfaError {
    code
    message
    retryable
    requestId
  }
`)

const FactorChangeFields = graphql(`
  fragment FactorChangeFields on MfaFactorChange {
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
`)

const SetResultFields = graphql(
  `
  fragment SetResultFields on SetUserMfaStatusPayload {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      changeId
      verified
      effects
      changes {
        ...FactorChangeFields
      }
      contactChanges {
        field
        before
        after
      }
      warnings {
        code
        message
      }
      userMfa {
        ...UserMfaFields
      }
    }
    ... on SetUserMfaStatusPreview {
      userId
      expectedRevision
      changed
      effects
      changes {
        ...FactorChangeFields
      }
      contactChanges {
        field
        before
        after
      }
      warnings {
        code
        message
      }
      after {
        posture
        phone
        phoneCountryCode
        email
        factors {
          code
          type
          enabled
          sort
          bound
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
        ...UserMfaFields
      }
    }
    ... on MfaPolicyViolationError {
      rule
    }
    ... on MfaStepUpRequiredError {
      acrValues
      maxAgeS
    }
    ... on MfaRateLimitedError {
      origin
      retryAfterMs
    }
    ... on MfaUpstreamUnavailableError {
      outcome
      observed {
        ...UserMfaFields
      }
    }
    ...MfaErrorFields
  }
`,
  // In the order of their first use, as the server's list of trusted documents has them.
  [FactorChangeFields, UserMfaFields, MfaErrorFields],
)

export const FindUser = graphql(
  `
  query FindUser($userId: String!, $userIdType: UserIdType! = USER_ID) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      __typename
      ... on UserMfa {
        account {
          id
          displayName
          status
          lastMfaAt
        }
        ...UserMfaFields
      }
      ... on MfaInvalidInputError {
        fieldErrors {
          path
          message
        }
      }
      ...MfaErrorFields
    }
  }
`,
  [UserMfaFields, MfaErrorFields],
)

export const PreviewChange = graphql(
  `
  mutation PreviewChange(
    $userId: String!
    $userIdType: UserIdType! = USER_ID
    $enable: [MfaFactorType!]
    $disable: [MfaFactorType!]
    $triggerData: MfaTriggerDataInput
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
        triggerData: $triggerData
        expectedRevision: $expectedRevision
        reason: $reason
        allowNoFactor: $allowNoFactor
        dryRun: true
      }
    ) {
      ...SetResultFields
    }
  }
`,
  [SetResultFields],
)

export const SwitchFactors = graphql(
  `
  mutation SwitchFactors(
    $userId: String!
    $userIdType: UserIdType! = USER_ID
    $enable: [MfaFactorType!]
    $disable: [MfaFactorType!]
    $triggerData: MfaTriggerDataInput
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
        triggerData: $triggerData
        expectedRevision: $expectedRevision
        reason: $reason
        allowNoFactor: $allowNoFactor
      }
    ) {
      ...SetResultFields
    }
  }
`,
  [SetResultFields],
)

export const UndoChange = graphql(
  `
  mutation UndoChange(
    $changeId: ID!
    $reason: String
    $allowNoFactor: Boolean! = false
    $dryRun: Boolean! = false
  ) {
    revertMfaChange(
      input: { changeId: $changeId, reason: $reason, allowNoFactor: $allowNoFactor, dryRun: $dryRun }
    ) {
      __typename
      ...SetResultFields
      ... on MfaNotRevertibleError {
        why
      }
      ...MfaErrorFields
    }
  }
`,
  [SetResultFields, MfaErrorFields],
)
