import { readFileSync } from 'node:fs'
import { buildSchema, isAbstractType } from 'graphql'
import { expect, it } from 'vitest'
import { createSchema } from '../src/schema/index.ts'
import { printApiSdl } from '../src/schema/sdl/api-sdl.ts'
import { printPossibleTypes } from '../src/schema/sdl/possible-types.ts'
import { startApp } from './support/app.ts'

const published = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8')
const publishedApi = readFileSync(new URL('../schema.api.graphql', import.meta.url), 'utf8')

it('schema.api.graphql is what the code prints, and a complete schema by itself', () => {
  expect(publishedApi).toBe(printApiSdl(createSchema()))
  const { query, types } = buildSchema(publishedApi).toConfig()
  const names = types.map(({ name }) => name)
  expect(Object.keys(query?.getFields() ?? {})).toEqual([
    'findMfaUsers',
    'mfaApplications',
    'mfaCoverage',
    'mfaCoverageScans',
    'mfaPoolPolicy',
    'mfaViewer',
    'userMfa',
    'usersMfa',
  ])
  expect(names.filter(name => /^_(?!_)/.test(name))).toEqual([])
  // Whatever gateways see is there for front ends, too.
  const ofGateways = [...published.matchAll(/^(?:enum|input|interface|scalar|type|union) (\w+)/gm)].map(
    ([, name]) => name,
  )
  expect(ofGateways.filter(name => !names.includes(name ?? ''))).toEqual([])
})

it('possibleTypes.json has the members of each union and interface, and none of federation', () => {
  const text = readFileSync(new URL('../possibleTypes.json', import.meta.url), 'utf8')
  const schema = buildSchema(publishedApi)
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType)
  expect(JSON.parse(text)).toEqual(
    Object.fromEntries(
      abstract.map(type => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
    ),
  )
  expect(text).toBe(printPossibleTypes(createSchema()))
})

it('GET /schema.graphql?api is the plain schema', async () => {
  await using app = await startApp()
  expect((await app.fetch('/schema.graphql?api')).text).toBe(publishedApi)
})

it('GET /schema.graphql is the published SDL, for callers', async () => {
  await using app = await startApp()
  const { status, headers, text } = await app.fetch('/schema.graphql', { headers: { accept: 'text/html' } })
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'text/plain; charset=utf-8',
    'no-store',
  ])
  expect(text).toBe(published)
  expect((await app.fetch('/schema.graphql', { method: 'POST' })).status).toBe(405)
  expect(app.takeCalls()).toEqual([])
})

it('GET /schema.graphql asks for a token, as introspection does', async () => {
  await using app = await startApp({ claims: null })
  const { status, headers, text } = await app.fetch('/schema.graphql')
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(JSON.parse(text).errors[0].extensions.code).toBe('UNAUTHENTICATED')
})

it('GET /schema.graphql is nothing where introspection is off, with or without a token', async () => {
  for (const claims of [{}, null]) {
    await using app = await startApp({ env: { INTROSPECTION: 'off' }, claims })
    const { status, text } = await app.fetch('/schema.graphql')
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND'])
  }
})

it('GET /schema.graphql answers where only trusted documents run', async () => {
  await using app = await startApp({ env: { TRUSTED_DOCUMENTS: 'only' } })
  expect((await app.fetch('/schema.graphql')).text).toBe(published)
})
