import { importSnippet } from './compile-page.js'
import { EMAIL, play, toFactors, VARIABLES } from './play.js'

/** Plays the story with urql. Graphcache has no print of itself, so it is asked with the network left out. */
export async function playUrql(server, browser) {
  const [{ createElement }, { createRoot }, { Provider }] = await Promise.all([
    import('react'),
    import('react-dom/client'),
    import('urql'),
  ])
  const { createClient } = await importSnippet('urql/client.js')
  const { Desk } = await importSnippet('urql/desk.jsx')
  const { FIND_USER } = await importSnippet('documents.js')
  const client = createClient(server.url, server.token)
  const readCache = () => {
    const cache = client.readQuery(FIND_USER, VARIABLES, { requestPolicy: 'cache-only' })?.data ?? null
    return { cached: toFactors(cache?.userMfa), cache }
  }
  const root = createRoot(browser.root)
  root.render(createElement(Provider, { value: client }, createElement(Desk, { email: EMAIL })))
  try {
    return await play({ server, browser, readCache })
  } finally {
    root.unmount()
  }
}
