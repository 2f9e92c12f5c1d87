import { GRAPHIQL_TABS } from './graphiql-tabs.ts'

/**
 * The GraphiQL page with ready tabs. It carries all of its code and loads nothing from anywhere else. Some
 * megabytes, so it is made when it is first asked for.
 */
export function createGraphiqlPage(): () => Promise<Buffer> {
  let page: Promise<Buffer> | null = null
  return () => {
    page ??= renderPage().catch((error: unknown) => {
      page = null
      throw error
    })
    return page
  }
}

async function renderPage(): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const toText = (variables: object) => JSON.stringify(variables, null, 2)
  const options = {
    title: 'GenAuth MFA',
    endpoint: '/graphql',
    defaultTabs: GRAPHIQL_TABS.map(({ query, variables }) => ({ query, variables: toText(variables) })),
    // The page shows a tab's own variables from the second tab on; those of the first must be given here again.
    variables: toText(GRAPHIQL_TABS[0].variables),
    defaultEditorToolsVisibility: 'variables',
    schemaDescription: true,
    inputValueDeprecation: true,
  } as const
  return Buffer.from(renderGraphiQL(options))
}
