import { auditServer } from 'graphql-http'
import { expect, it } from 'vitest'
import { startApp } from './support/app.ts'

it.each([
  ['a bare type', (accept: string) => accept],
  ['a type with its charset', (accept: string) => accept.replace(/^[^,;]+/, '$&; charset=utf-8')],
])('passes every MUST and SHOULD of the GraphQL-over-HTTP audits when asked for %s', async (_way, spell) => {
  await using app = await startApp({ env: { INTROSPECTION: 'on' } })
  const results = await auditServer({
    url: `${app.url}/graphql`,
    fetchFn(url: string, init: RequestInit = {}) {
      const headers = new Headers({ authorization: app.authorization, ...init.headers })
      headers.set('accept', spell(headers.get('accept') ?? '*/*'))
      return fetch(url, { ...init, headers })
    },
  })
  const failed = results.filter(result => result.status !== 'ok')
  expect(failed.map(({ id, name }) => `${id} ${name}`)).toEqual([])
  expect(results.length).toBeGreaterThanOrEqual(61)
})
