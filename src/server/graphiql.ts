import { getIntrospectionQuery } from 'graphql'
import { OPERATIONS } from './operations.ts'

/** Stands for the headers in the page until it is served, since a token does not live as long as the page. */
const HEADERS = 'HEADERS-OF-THIS-MOMENT'

/** What the page asks for before it shows the docs. */
const INTROSPECTION_OPTIONS = { schemaDescription: true, inputValueDeprecation: true }

/** The page's own document, for where only trusted ones run. */
export const PAGE_INTROSPECTION = getIntrospectionQuery(INTROSPECTION_OPTIONS)

/**
 * The GraphiQL page with ready tabs, and, where `demoToken` is given, a token in the headers tab. It carries all
 * of its code and loads nothing from anywhere else. Some megabytes, so it is made when it is first asked for.
 */
export function createGraphiqlPage(demoToken: (() => Promise<string>) | null): () => Promise<Buffer> {
  let page: Promise<string> | null = null
  return async () => {
    page ??= renderPage().catch((error: unknown) => {
      page = null
      throw error
    })
    const headers = demoToken === null ? {} : { authorization: `Bearer ${await demoToken()}` }
    // Twice JSON: the page's options hold the text of the headers editor.
    const text = JSON.stringify(JSON.stringify(headers, null, 2)).slice(1, -1)
    return Buffer.from((await page).replaceAll(HEADERS, () => text))
  }
}

async function renderPage(): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return renderGraphiQL({
    title: 'GenAuth MFA',
    endpoint: '/graphql',
    defaultTabs: OPERATIONS.map(({ document, variables }) => ({
      query: document,
      variables,
      headers: HEADERS,
    })),
    defaultHeaders: HEADERS,
    headers: HEADERS,
    // The page shows a tab's own variables from the second tab on; those of the first must be given here again.
    ...{ variables: OPERATIONS[0].variables },
    defaultEditorToolsVisibility: 'variables',
    ...INTROSPECTION_OPTIONS,
  })
}
