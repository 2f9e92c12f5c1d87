import { readdirSync, readFileSync } from 'node:fs'
import { parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { createSchema } from '../src/schema/index.ts'

const FOLDER = new URL('../docs/', import.meta.url)
/** A part of a document, such as one argument, begins otherwise. */
const WHOLE = /^(\{|query|mutation)/

const documents = readdirSync(FOLDER)
  .filter(name => name.endsWith('.md'))
  .flatMap(name =>
    [...readFileSync(new URL(name, FOLDER), 'utf8').matchAll(/^```graphql\n([\s\S]*?)^```/gm)]
      .map(([, document = '']) => ({ name, document }))
      .filter(({ document }) => WHOLE.test(document)),
  )
const schema = createSchema()

it.each(documents)('a document of docs/$name fits the schema', ({ document }) => {
  expect(validate(schema, parse(document))).toEqual([])
})

it('docs/ has documents for policies, forecasts and scans', () => {
  const names = documents.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['coverage.md', 'forecasts.md', 'policies.md']))
})
