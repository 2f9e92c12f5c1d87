import { z } from 'zod/mini'

/** GraphiQL's own names. It adds `graphiql:` before each. */
const TABS = 'graphiql:tabState'

/**
 * GraphiQL's copies of the active tab, which are not kept. At the next visit GraphiQL compares them with the tabs, and
 * opens one more tab if they differ.
 */
const COPIES_OF_TAB = new Set(['graphiql:query', 'graphiql:variables', 'graphiql:operationName'])

/** Headers hold tokens. A token in storage outlives its time, and any script of this origin can read it. */
const HEADERS = new Set(['graphiql:headers', 'graphiql:shouldPersistHeaders'])

export interface StoredTab {
  readonly query: string | null
  /** JSON text. */
  readonly variables: string | null
}

/** The part of the tabs that this page reads. */
const tabsSchema = z.object({
  activeTabIndex: z.number(),
  tabs: z.array(z.looseObject({ query: z.nullable(z.string()), variables: z.nullable(z.string()) })),
})

/**
 * GraphiQL's storage: the browser's own, with a part for each address of a page, and without headers. It removes the
 * data of earlier versions of the page, tokens above all.
 */
export class PageStorage implements Storage {
  readonly #kept: Storage
  readonly #prefix: string

  constructor(kept: Storage, place: string) {
    this.#kept = kept
    this.#prefix = `genauth-graphql ${place} `
    for (const name of Object.keys(kept)) if (name.startsWith('graphiql:')) kept.removeItem(name)
  }

  get length(): number {
    return this.#names().length
  }

  key(index: number): string | null {
    return this.#names()[index] ?? null
  }

  getItem(name: string): string | null {
    return isKept(name) ? this.#kept.getItem(this.#prefix + name) : null
  }

  setItem(name: string, value: string): void {
    if (isKept(name)) this.#kept.setItem(this.#prefix + name, value)
  }

  removeItem(name: string): void {
    this.#kept.removeItem(this.#prefix + name)
  }

  clear(): void {
    for (const name of this.#names()) this.removeItem(name)
  }

  /** Returns the content of the active tab's editors, or `null` at a first visit. */
  activeTab(): StoredTab | null {
    return this.#readState()?.active ?? null
  }

  /** Makes a tab the active one, and adds it if no tab has this document and these variables. */
  openTab({ query, variables }: StoredTab, others: readonly StoredTab[]): void {
    const tabs = this.#readState()?.tabs ?? others.map(toTab)
    const found = tabs.findIndex(tab => tab.query === query && (tab.variables || null) === variables)
    const all = found < 0 ? [...tabs, toTab({ query, variables })] : tabs
    const activeTabIndex = found < 0 ? tabs.length : found
    this.setItem(TABS, JSON.stringify({ tabs: all, activeTabIndex }))
  }

  #readState() {
    try {
      const { tabs, activeTabIndex } = tabsSchema.parse(JSON.parse(this.getItem(TABS) ?? ''))
      return { tabs, active: tabs[activeTabIndex] ?? null }
    } catch {
      return null
    }
  }

  #names(): string[] {
    return Object.keys(this.#kept)
      .filter(name => name.startsWith(this.#prefix))
      .map(name => name.slice(this.#prefix.length))
  }
}

function isKept(name: string): boolean {
  return !COPIES_OF_TAB.has(name) && !HEADERS.has(name)
}

/** Returns a tab in the form that GraphiQL stores. */
function toTab({ query, variables }: StoredTab) {
  const operationName = /^\s*(?:query|mutation|subscription)\s+(\w+)/m.exec(query ?? '')?.[1] ?? null
  return {
    id: crypto.randomUUID(),
    title: operationName ?? '<untitled>',
    hash: null,
    query,
    variables,
    headers: null,
    operationName,
    response: null,
  }
}
