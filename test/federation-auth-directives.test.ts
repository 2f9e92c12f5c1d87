import { isObjectType, Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createSchema, printPublishedSdl } from '../src/schema/index.ts'
import { startApp } from './support/app.ts'

/** The types that are parts of results for more than one scope. */
const OF_ANY_SCOPE =
  /^(Mfa\w*Error|MfaChange|MfaWarning|MfaPageInfo|MfaPoolPolicy|MfaPolicyFactorChange|MfaApplication|(SetMfaPoolPolicy|SwitchMfaApplicationFactors)(Success|Preview))$/

const ON = { FEDERATION_AUTH_DIRECTIVES: 'on' }

const OF_REPORTS =
  /^(Mfa(Coverage|Population|PostureCount|FactorCount|DepartmentCount)|(Start|Cancel)MfaCoverage)\w*$/

/** What each type and field carries, by its coordinate. */
function directivesOf(sdl: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const definition of parse(sdl).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue
    const nodes = [definition, ...(definition.fields ?? [])]
    for (const node of nodes) {
      const name = node === definition ? definition.name.value : `${definition.name.value}.${node.name.value}`
      const text = sdl.slice(node.loc?.start, node.loc?.end)
      const [own] = /@(requiresScopes\(scopes: .*?\)|authenticated)/.exec(text.split('{\n')[0] ?? '') ?? []
      if (own !== undefined) found.set(name, own)
    }
  }
  return found
}

describe('the published SDL', () => {
  it('says nothing of scopes unless it is told to', () => {
    expect(printPublishedSdl()).not.toMatch(/requiresScopes|authenticated/)
  })

  it('says with FEDERATION_AUTH_DIRECTIVES=on, in the configured words, what every type or field needs', async () => {
    const scopes = {
      AUTH_READ_SCOPE: 'factors:see',
      AUTH_WRITE_SCOPE: 'factors:change',
      AUTH_REPORT_SCOPE: 'factors:list',
      AUTH_POLICY_SCOPE: 'factors:demand',
      AUTH_AUDIT_SCOPE: 'factors:audit',
    }
    await using app = await startApp({ env: { ...ON, ...scopes }, claims: { scope: 'factors:see' } })
    const { data } = await app.graphql('{ _service { sdl } }')
    const schema = createSchema({
      authDirectives: {
        read: 'factors:see',
        write: 'factors:change',
        report: 'factors:list',
        policy: 'factors:demand',
        audit: 'factors:audit',
      },
    })
    expect(data._service.sdl).toBe(printPublishedSdl(schema))
    expect(data._service.sdl).toContain('"@authenticated", "@requiresScopes"])')

    const found = directivesOf(data._service.sdl)
    const read = '@requiresScopes(scopes: [["factors:see"], ["factors:change"]])'
    const report = '@requiresScopes(scopes: [["factors:list"]])'
    const any =
      '@requiresScopes(scopes: [["factors:see"], ["factors:change"], ["factors:list"], ["factors:demand"]])'
    const audit = '@requiresScopes(scopes: [["factors:audit"]])'
    const policy = '@requiresScopes(scopes: [["factors:demand"]])'
    const write = '@requiresScopes(scopes: [["factors:change"]])'
    expect([...found].filter(([name]) => name.includes('.'))).toEqual([
      ['MfaChange.user', read],
      ['MfaCoverageRow.person', read],
      ['MfaCoverageRow.user', read],
      ['Mutation.setUserMfaStatus', write],
      ['Mutation.setUsersMfaStatus', write],
      ['Mutation.revertMfaChange', write],
      ['Mutation.startMfaCoverageScan', report],
      ['Mutation.cancelMfaCoverageScan', report],
      ['Mutation.setMfaPoolPolicy', policy],
      ['Mutation.switchMfaApplicationFactors', policy],
      ['Query.userMfa', read],
      ['Query.usersMfa', read],
      ['Query.findMfaUsers', read],
      ['Query.mfaViewer', '@authenticated'],
      ['Query.mfaCoverage', report],
      ['Query.mfaCoverageScans', report],
      ['Query.mfaPoolPolicy', read],
      ['Query.mfaApplications', read],
      // A directive cannot tell whether users are named.
      ['Subscription.userMfaChanged', any],
      ['Subscription.mfaCoverageScanProgress', report],
      // The key, and so the type, is every subgraph's: what stood on it would bind all of them.
      ['User.mfa', read],
      ['UserMfa.history', audit],
    ])
    const own = Object.values(schema.getTypeMap())
      .filter(type => isObjectType(type) && !/^(_.*|Query|Mutation|Subscription|User)$/.test(type.name))
      .map(({ name }) => [name, toDirective(name)])
    expect([...found].filter(([name]) => !name.includes('.'))).toEqual(own.toSorted())

    function toDirective(type: string): string {
      if (/^(MfaViewer|MfaLimit)$/.test(type)) return '@authenticated'
      if (OF_ANY_SCOPE.test(type)) return any
      if (/^Mfa(History\w*|Actor)$/.test(type)) return audit
      return OF_REPORTS.test(type) ? report : read
    }
  })
})
