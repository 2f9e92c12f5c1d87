import { importSnippet } from './compile-page.js'
import { EMAIL, play, toFactors } from './play.js'

const QUERY = `userMfa(userId:"${EMAIL}",userIdType:"EMAIL")`

/** Follows the records from the query to the user and the factors. */
function readUser(records) {
  const user = records[records['client:root'][QUERY].__ref]
  return { factors: user.factors?.__refs.map(ref => records[ref]) }
}

/** Plays the story with Relay, and prints the records of its store. */
export async function playRelay(server, browser) {
  const [{ createElement, Suspense }, { createRoot }, { RelayEnvironmentProvider }] = await Promise.all([
    import('react'),
    import('react-dom/client'),
    import('react-relay'),
  ])
  const { createEnvironment } = await importSnippet('relay/environment.js')
  const { Desk } = await importSnippet('relay/desk.jsx')
  const environment = createEnvironment(server.url, server.token)
  const readCache = () => {
    const cache = environment.getStore().getSource().toJSON()
    return { cached: toFactors(readUser(cache)), cache }
  }
  const desk = createElement(Suspense, { fallback: 'Reading' }, createElement(Desk, { email: EMAIL }))
  const root = createRoot(browser.root)
  root.render(createElement(RelayEnvironmentProvider, { environment }, desk))
  try {
    return await play({ server, browser, readCache })
  } finally {
    root.unmount()
  }
}
