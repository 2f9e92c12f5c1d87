import { ApolloProvider } from '@apollo/client/react'
import { type FormEvent, StrictMode, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from './create-client.ts'
import { Desk } from './desk.tsx'
import './page.css'

/** The token stays in memory. A real page gets it from its sign-in, without a field to paste it into. */
function Page({ url }: { url: string }) {
  const [token, setToken] = useState('')
  const client = useMemo(() => createClient(url, token), [url, token])

  function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setToken(String(new FormData(event.currentTarget).get('token')).trim())
    event.currentTarget.reset()
  }

  return (
    <>
      <h1>Second factors</h1>
      <form className="row" onSubmit={signIn}>
        <div className="field">
          <label htmlFor="token">Access token</label>
          <input id="token" name="token" type="password" autoComplete="off" required />
        </div>
        <button type="submit">Sign in</button>
        {token !== '' && <span>You are signed in.</span>}
      </form>
      {token !== '' && (
        <ApolloProvider client={client} key={token}>
          <Desk />
        </ApolloProvider>
      )}
    </>
  )
}

const page = document.querySelector('#page')
const url = document.querySelector<HTMLMetaElement>('meta[name=graphql-url]')?.content
if (page === null || url === undefined) throw new Error('index.html has no #page or no graphql-url')
createRoot(page).render(
  <StrictMode>
    <Page url={url} />
  </StrictMode>,
)
