import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printManifest } from '../../src/execution/trusted-documents.ts'
import { readOperations } from '../../src/http/page/read-operations.ts'

const generated = readFileSync(new URL('../../console/generated/documents.ts', import.meta.url), 'utf8')

describe('the documents of the console', () => {
  it('have the ids of the manifest of operations/, so that every server knows them', () => {
    const ids = [...generated.matchAll(/'(sha256:[\da-f]{64})'/g)].map(([, id]) => id)
    const manifest = printManifest(readOperations().map(({ document }) => document))
    expect(ids.toSorted()).toEqual(Object.keys(JSON.parse(manifest)).toSorted())
  })
})
