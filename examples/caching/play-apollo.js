import { importSnippet } from './compile-page.js'
import { EMAIL, play, toFactors, VARIABLES } from './play.js'

/** Plays the story with Apollo Client, and collects what `watchUser` shows beside the hooks. */
export async function playApollo(server, browser) {
  const [{ createElement }, { createRoot }, { ApolloProvider }] = await Promise.all([
    import('react'),
    import('react-dom/client'),
    import('@apollo/client/react'),
  ])
  const { createClient } = await importSnippet('apollo/client.js')
  const { Desk } = await importSnippet('apollo/desk.jsx')
  const { FIND_USER } = await importSnippet('documents.js')
  const { watchUser } = await importSnippet('apollo/watch-user.js')
  const client = createClient(server.url, server.token)
  let watched
  const subscription = watchUser(client, EMAIL, user => {
    watched = user
  })
  const readCache = () => ({
    cached: toFactors(client.cache.readQuery({ query: FIND_USER, variables: VARIABLES })?.userMfa),
    watched: toFactors(watched),
    cache: client.cache.extract(),
  })
  const root = createRoot(browser.root)
  root.render(createElement(ApolloProvider, { client }, createElement(Desk, { email: EMAIL })))
  try {
    return await play({ server, browser, readCache })
  } finally {
    subscription.unsubscribe()
    root.unmount()
    client.stop()
  }
}
