import { readFileSync } from 'node:fs'
import {
  buildASTSchema,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
  specifiedDirectives,
  visit,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { createSchema, printPublishedSdl } from '../src/schema/index.ts'
import { startApp } from './support/app.ts'

const schema = createSchema()
const published = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8')

function ownTypes(): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    type => !isSpecifiedScalarType(type) && !type.name.startsWith('__'),
  )
}

/** Every element that can carry a description, by its coordinate. */
function elements(): [string, string | null | undefined][] {
  return ownTypes().flatMap(type => {
    const found: [string, string | null | undefined][] = [[type.name, type.description]]
    if (isEnumType(type)) {
      for (const value of type.getValues()) found.push([`${type.name}.${value.name}`, value.description])
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        found.push([`${type.name}.${field.name}`, field.description])
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        found.push([`${type.name}.${field.name}`, field.description])
        for (const arg of field.args)
          found.push([`${type.name}.${field.name}(${arg.name}:)`, arg.description])
      }
    }
    return found
  })
}

describe('the schema', () => {
  it('is the published one, byte for byte, in the file and over HTTP', async () => {
    await using app = await startApp()
    const { data } = await app.graphql('{ _service { sdl } }')
    expect(data._service.sdl).toBe(published)
    expect(printPublishedSdl()).toBe(published)
    expect(published).toMatch(
      /^extend schema\n {2}@link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\./,
    )
    expect(published).toMatch(/^type User\s+@key\(fields: "id"\)\s+\{/m)
  })

  it("publishes all that it has but federation's own names, and uses no directive that it does not link to", () => {
    const document = parse(published)
    const isFederations = (name: string) => !specifiedDirectives.some(directive => directive.name === name)
    const used = new Set<string>()
    const plain = visit(document, {
      Directive({ name }) {
        if (!isFederations(name.value)) return undefined
        used.add(`@${name.value}`)
        return null
      },
    })
    const [, linked = ''] = /import: \[(.*)\]/.exec(published) ?? []
    expect([...used].toSorted()).toEqual(['@link', ...JSON.parse(`[${linked}]`)].toSorted())

    const own = visit(parse(printSchema(schema)), {
      enter: node => ('name' in node && node.name?.value.startsWith('_') ? null : undefined),
    })
    const sorted = [plain, own].map(sdl =>
      printSchema(lexicographicSortSchema(buildASTSchema(sdl, { assumeValidSDL: true }))),
    )
    expect(sorted[0]).toBe(sorted[1])
  })

  it('describes every element in words of its own', () => {
    const found = elements()
    expect(found.length).toBeGreaterThan(100)
    for (const [coordinate, description] of found) {
      expect(description?.trim().length ?? 0, coordinate).toBeGreaterThan(10)
      expect(description, coordinate).toMatch(/[.!]$|`$/)
    }
  })

  it('has eight id types, each with its wire value, all but the undocumented one with an example', () => {
    const type = schema.getType('UserIdType')
    if (!isEnumType(type)) throw new Error('UserIdType is an enum')
    const values = type.getValues()
    expect(values).toHaveLength(8)
    for (const { name, description } of values) {
      expect(description).toContain(`Wire value \`${name.toLowerCase()}\``)
      expect(description).toMatch(
        name === 'CUSTOM_FIELD'
          ? /Undocumented by GenAuth/
          : /: `[^`]+`\. .*Wire value|: `[^`]+`\. Wire value/,
      )
    }
  })

  it('lets every member of a payload union but the success and the preview implement MfaError', () => {
    const unions = Object.values(schema.getTypeMap())
      .filter(isUnionType)
      .filter(union => union.name !== '_Entity')
    expect(unions.map(union => union.name).sort()).toEqual([
      'CancelMfaCoverageScanPayload',
      'FindMfaUsersPayload',
      'MfaApplicationsPayload',
      'MfaCoveragePayload',
      'MfaCoverageScansPayload',
      'MfaPoolPolicyPayload',
      'RevertMfaChangePayload',
      'SetMfaPoolPolicyPayload',
      'SetUserMfaStatusPayload',
      'SetUsersMfaStatusPayload',
      'SetUsersMfaStatusResultPayload',
      'StartMfaCoverageScanPayload',
      'SwitchMfaApplicationFactorsPayload',
      'UserMfaPayload',
      'UsersMfaPayload',
    ])
    for (const union of unions) {
      const plain = union
        .getTypes()
        .filter(type => !type.getInterfaces().some(({ name }) => name === 'MfaError'))
      const others = plain
        .map(({ name }) => name)
        .filter(name => !/Success$|^UserMfa$|^MfaCoverage(Scans)?$|^MfaPoolPolicy$|Connection$/.test(name))
      expect(others).toHaveLength(plain.length - 1)
      const [change] = /^(SetUserMfaStatus|SetMfaPoolPolicy|SwitchMfaApplicationFactors)(?=Payload$)/.exec(
        union.name.replace(/^(SetUsersMfaStatusResult|RevertMfaChange)(?=Payload$)/, 'SetUserMfaStatus'),
      ) ?? [null]
      expect(others).toEqual(change === null ? [] : [`${change}Preview`])
    }
  })

  it('takes no mfaToken out: no output field has the name', () => {
    const outputs = ownTypes().filter(type => isObjectType(type) || isInterfaceType(type))
    for (const type of outputs) expect(Object.keys(type.getFields())).not.toContain('mfaToken')
  })

  it('takes as ID only what it gives out as ID: an ID would take numbers for the identifiers that people type', () => {
    const fields = ownTypes()
      .filter(isInputObjectType)
      .flatMap(type =>
        Object.values(type.getFields()).map(field => ({ place: `${type.name}.${field.name}`, field })),
      )
    const args = ownTypes()
      .filter(isObjectType)
      .flatMap(type => Object.values(type.getFields()).map(({ name, args }) => ({ type, name, args })))
      .flatMap(({ type, name, args }) =>
        args.map(field => ({ place: `${type.name}.${name}(${field.name})`, field })),
      )
    const places = [...fields, ...args].map(({ place, field }) => ({
      place,
      isId: getNamedType(field.type).name === 'ID',
    }))
    expect(places.filter(({ isId }) => isId).map(({ place }) => place)).toEqual([
      'CancelMfaCoverageScanInput.id',
      'MfaCoverageFilter.departmentIds',
      'MfaPopulationInput.signedInTo',
      'RevertMfaChangeInput.changeId',
      'SwitchMfaApplicationFactorsInput.applicationId',
      'Query.mfaCoverage(scanId)',
      'Subscription.mfaCoverageScanProgress(id)',
      'UserMfa.forecast(applicationId)',
    ])
    const typed = places.filter(({ place, isId }) => !isId && /Ids?\)?$/.test(place))
    expect(typed.map(({ place }) => place)).toEqual([
      'MfaDepartmentInput.departmentId',
      'SetUserMfaStatusInput.userId',
      'UserRefInput.userId',
      'Query.userMfa(userId)',
    ])
  })
})
