import { readFileSync } from 'node:fs'
import { isObjectType } from 'graphql'
import { expect, it } from 'vitest'
import { createSchema } from '../src/schema/index.ts'

/** The roots, and federation's own types, of which a front end sees none. */
const NOT_KEPT = /^(_|Query$|Mutation$|Subscription$)/

it('docs/caching.md names for Graphcache each type that has no id, and no other', () => {
  const page = readFileSync(new URL('../docs/caching.md', import.meta.url), 'utf8')
  const list = /const WITHOUT_ID = \[([^\]]*)\]/.exec(page)?.[1] ?? ''
  const types = Object.values(createSchema().getTypeMap())
    .filter(isObjectType)
    .filter(type => !NOT_KEPT.test(type.name) && !('id' in type.getFields()))
  expect(list.match(/\w+/g)).toEqual(types.map(({ name }) => name).toSorted())
})
