import { auditServer } from 'graphql-http'
import { expect, it } from 'vitest'
import { startApp } from './support/app.ts'

it('passes every MUST and SHOULD of the GraphQL-over-HTTP audits', async () => {
  await using app = await startApp({ env: { INTROSPECTION: 'on' } })
  const results = await auditServer({
    url: `${app.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { authorization: app.authorization, ...init.headers } }),
  })
  const failed = results.filter(result => result.status !== 'ok')
  expect(failed.map(({ id, name }) => `${id} ${name}`)).toEqual([])
  expect(results.length).toBeGreaterThanOrEqual(61)
})
