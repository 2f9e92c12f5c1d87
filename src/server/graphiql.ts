const ADA = '65a000000000000000000001'
const ERROR = '... on MfaError { code message retryable }'

const READ = `# Who has which second factors on, and which are really bound?
query ReadUserMfa($userId: String!) {
  userMfa(userId: $userId) {
    __typename
    ... on UserMfa {
      posture
      phone
      email
      factors { code enabled sort bound }
    }
    ${ERROR}
  }
}
`

const SET = `# Sets the whole list: one-time password first, then SMS. Everything else about the user is kept.
mutation SetUserMfaStatus($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) {
    __typename
    ... on SetUserMfaStatusSuccess {
      applied
      userMfa { posture factors { code enabled sort } }
    }
    ... on MfaInvalidInputError { fieldErrors { path message } }
    ... on MfaUpstreamUnavailableError { outcome }
    ${ERROR}
  }
}
`

const SET_BY_EMAIL = SET.replace(
  /^#.*/,
  '# The same for a user found by e-mail address, with a new address for the e-mail factor.',
).replace('SetUserMfaStatus(', 'SetByEmail(')

const UNKNOWN_USER = READ.replace(/^#.*/, '# What a front end gets for a user whom nobody knows.').replace(
  'ReadUserMfa',
  'UnknownUser',
)

/** Fields with defaults are given too: the page underlines them as missing where they are left out. */
const TABS = [
  { query: READ, variables: { userId: ADA } },
  {
    query: SET,
    variables: {
      input: {
        userId: ADA,
        userIdType: 'USER_ID',
        factors: [
          { type: 'OTP', enabled: true },
          { type: 'SMS', enabled: true },
        ],
      },
    },
  },
  {
    query: SET_BY_EMAIL,
    variables: {
      input: {
        userId: 'grace@example.com',
        userIdType: 'EMAIL',
        factors: [
          { type: 'EMAIL', enabled: true },
          { type: 'FACE', enabled: false },
        ],
        triggerData: { mfaEmail: 'grace.hopper@example.com' },
      },
    },
  },
  { query: UNKNOWN_USER, variables: { userId: '65a0000000000000000000aa' } },
]

/**
 * The GraphiQL page with ready tabs. It carries all of its code and loads nothing from anywhere else. Some
 * megabytes, so it is made when it is first asked for.
 */
export function createGraphiqlPage(): () => Promise<Buffer> {
  let page: Promise<Buffer> | null = null
  return () => {
    page ??= renderPage()
    return page
  }
}

async function renderPage(): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const tabs = TABS.map(({ query, variables }) => ({ query, variables: JSON.stringify(variables, null, 2) }))
  const options = {
    title: 'GenAuth MFA',
    endpoint: '/graphql',
    defaultTabs: tabs,
    // The page shows a tab's own variables from the second tab on; those of the first must be given here again.
    variables: tabs[0]?.variables,
    defaultEditorToolsVisibility: 'variables',
    schemaDescription: true,
    inputValueDeprecation: true,
  } as const
  return Buffer.from(renderGraphiQL(options))
}
