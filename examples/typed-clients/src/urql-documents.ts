import { initGraphQLTada } from 'gql.tada'
import type { introspection } from '../generated/graphql-env.js'

const graphql = initGraphQLTada<{ introspection: introspection }>()

// gql.tada reads types out of the text itself, so the text must stand here. A test compares it with
// operations/.

export const FindUser = graphql(`
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
`)

export const PreviewChange = graphql(`
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
`)

export const SwitchFactors = graphql(`
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
`)
