import './workers.ts'
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import './page.css'
import { explorerPlugin } from '@graphiql/plugin-explorer'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { toLinkedTab } from './linked-tab.ts'
import { SandboxBar } from './sandbox-bar.ts'
import { createSendOperation } from './send-operation.ts'
import { readSettings, type Sandbox } from './settings.ts'
import { PageStorage } from './storage.ts'
import { wrapLines } from './wrap-lines.ts'

const endpoint = location.pathname
const { examples, introspection, sandbox } = readSettings(document)
const storage = new PageStorage(localStorage, endpoint)
const linked = toLinkedTab(location.search)
if (linked !== null) storage.openTab(linked, examples)
const active = storage.activeTab() ?? examples[0]

const roles = Object.keys(sandbox?.tokens ?? {})
let role = roles[0] ?? null
let tokens: Sandbox['tokens'] = sandbox?.tokens ?? {}

const fetcher = createSendOperation({
  endpoint,
  token: () => (role === null ? null : (tokens[role] ?? null)),
  async renewToken() {
    const response = await fetch(endpoint, { headers: { accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const fresh = readSettings(page).sandbox
    if (fresh !== null) tokens = fresh.tokens
    return fresh !== null
  },
})

const plugins = [HISTORY_PLUGIN, explorerPlugin()]

function Page() {
  const [shownRole, setShownRole] = useState(role)
  const bar =
    sandbox === null || shownRole === null
      ? null
      : h(SandboxBar, {
          users: sandbox.users,
          roles,
          role: shownRole,
          onRole(next) {
            role = next
            setShownRole(next)
          },
        })
  return h(
    'div',
    { className: 'page' },
    bar,
    h(GraphiQL, {
      fetcher,
      storage,
      plugins,
      initialQuery: active?.query ?? '',
      initialVariables: active?.variables ?? '',
      defaultTabs: examples.map(({ query, variables }) => ({ query, variables, headers: null })),
      defaultEditorToolsVisibility: 'variables',
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
      ...introspection,
    }),
  )
}

const root = document.getElementById('page')
if (root === null) throw new Error('The page has no place for GraphiQL')
void wrapLines()
createRoot(root).render(h(StrictMode, null, h(Page)))
