import { readFileSync } from 'node:fs'
import { getIntrospectionQuery } from 'graphql'
import { createPageAssets } from './page-assets.ts'
import { PAGES } from './pages-folder.ts'
import { readOperations } from './read-operations.ts'

/** The data that the page shows and uses if the embedded sandbox stands behind the server. */
export interface PageSandbox {
  /** A bearer token for each role. */
  readonly tokens: Readonly<Record<string, string>>
  readonly users: readonly { readonly id: string; readonly name: string; readonly about: string }[]
}

export interface GraphiqlPage {
  /** Returns the page's HTML. With `withSandbox` it holds the tokens of the sandbox, if there is one. */
  html(withSandbox: boolean): Promise<string>
  readonly asset: ReturnType<typeof createPageAssets>
}

/** The options of the introspection that the page sends before it shows the docs. */
const INTROSPECTION_OPTIONS = { schemaDescription: true, inputValueDeprecation: true }

/** The page's own document. A server needs it in its list if it runs only trusted documents. */
export const PAGE_INTROSPECTION = getIntrospectionQuery(INTROSPECTION_OPTIONS)

/**
 * Makes GraphiQL with the documents of `operations/` as ready tabs. Its code comes from this server alone, and nothing
 * else is loaded.
 *
 * @param sandbox called for each page, because a token may expire while a page stays open. `null` if callers bring
 * tokens of their own
 * @throws the error of reading a file, such as `ENOENT` if the pages have not been built, or an OperationsError
 */
export function createGraphiqlPage(sandbox: (() => Promise<PageSandbox>) | null): GraphiqlPage {
  const template = readFileSync(new URL('index.html', PAGES), 'utf8')
  const examples = readOperations().map(({ document, variables }) => ({ query: document, variables }))
  return {
    async html(withSandbox) {
      const settings = {
        examples,
        introspection: INTROSPECTION_OPTIONS,
        sandbox: withSandbox && sandbox !== null ? await sandbox() : null,
      }
      return template.replace('<!--settings-->', () => toDataBlock(settings))
    },
    asset: createPageAssets(new URL('graphiql/', PAGES)),
  }
}

/** Returns JSON that no browser executes and that cannot end its own element. */
function toDataBlock(settings: object): string {
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c')
  return `<script id="settings" type="application/json">${json}</script>`
}
