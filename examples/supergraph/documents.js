/** These documents are sent through every gateway. */

export const USERS = /* GraphQL */ `
  query Users($ids: [ID!]!) {
    usersById(ids: $ids) {
      id
      name
      mfa {
        posture
        phone
        factors { code enabled bound }
        user { id name }
      }
    }
  }
`

export const PAGE = /* GraphQL */ `
  query Page($first: Int!) {
    users(first: $first) {
      nodes { id mfa { factors { code enabled } } }
      pageInfo { hasNextPage }
    }
  }
`

export const PAGE_WITH_BOUND = PAGE.replace('enabled', 'enabled bound')

export const USER_MFA = /* GraphQL */ `
  query UserMfa($userId: String!, $userIdType: UserIdType!) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      __typename
      ... on UserMfa { revision user { id name } factors { code enabled } }
      ... on MfaError { code message }
    }
  }
`

export const RIGHTS = /* GraphQL */ `
  query Rights { mfaViewer { scopes mayRead mayWrite limits { kind limit } } }
`

const SET_RESULT = /* GraphQL */ `
  __typename
  ... on SetUserMfaStatusSuccess {
    applied
    verified
    changed
    changes { code before { enabled } after { enabled } }
    warnings { code }
    userMfa { user { id name } factors { code enabled } }
  }
  ... on SetUserMfaStatusPreview {
    userId
    expectedRevision
    changes { code before { enabled } after { enabled } }
    after { factors { code enabled } }
  }
  ... on MfaError { code message retryable upstreamStatusCode }
  ... on MfaInvalidInputError { fieldErrors { path message } }
  ... on MfaRevisionConflictError { current { revision user { id name } } }
  ... on MfaPolicyViolationError { rule }
  ... on MfaStepUpRequiredError { acrValues maxAgeS }
  ... on MfaRateLimitedError { origin }
  ... on MfaUpstreamUnavailableError { outcome observed { factors { code enabled } } }
`

export const SET = /* GraphQL */ `
  mutation Set($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) { ${SET_RESULT} }
  }
`

export const SET_SEVERAL = /* GraphQL */ `
  mutation SetSeveral($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      __typename
      ... on SetUsersMfaStatusSuccess {
        succeeded
        failed
        notAttempted
        results {
          ref { userId userIdType }
          payload { ${SET_RESULT} ... on MfaDuplicateUserError { firstIndex } }
        }
      }
      ... on MfaError { code message }
    }
  }
`

/** Selects the ID of the request. */
export const SET_REQUEST_ID = /* GraphQL */ `
  mutation Set($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) { ... on SetUserMfaStatusSuccess { requestId } ... on MfaError { requestId } }
  }
`

/** For a caller that reaches the subgraph past the gateway. */
export const OWN_USER_MFA = /* GraphQL */ `
  query UserMfa($userId: String!, $userIdType: UserIdType!) {
    userMfa(userId: $userId, userIdType: $userIdType) { __typename }
  }
`

export const ENTITIES = /* GraphQL */ `
  query Entities($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on User { id mfa { factors { code } } } }
  }
`

/** Every change, with a field of another subgraph. */
export const WATCH_ALL = /* GraphQL */ `
  subscription WatchAll { userMfaChanged { hint user { id name } } }
`

export const WATCH = /* GraphQL */ `
  subscription Watch($users: [UserRefInput!]) {
    userMfaChanged(users: $users) { revision user { name mfa { revision factors { code enabled } } } }
  }
`

export const START_SCAN = /* GraphQL */ `
  mutation StartScan($input: StartMfaCoverageScanInput!) {
    startMfaCoverageScan(input: $input) { ... on StartMfaCoverageScanSuccess { scan { id } } }
  }
`

export const WATCH_SCAN = /* GraphQL */ `
  subscription WatchScan($id: ID!) { mfaCoverageScanProgress(id: $id) { id status } }
`
