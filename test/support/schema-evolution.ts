import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql'

/** Returns a published SDL as a schema. Federation's directives are not defined in it. */
function toSchema(sdl: string): GraphQLSchema {
  return buildASTSchema(parse(sdl), { assumeValidSDL: true })
}

/**
 * Finds breaking changes from one published SDL to another that the changelog does not announce. Each needs a line
 * under "Unreleased" that begins with "- **Breaking:**" and names its coordinate as code. An example is "-
 * **Breaking:** `UserMfa.phone` is gone; use …". A new member of a union is not a breaking change, because documents
 * carry `... on MfaError { code message }`.
 */
export async function findUnannouncedBreaks(before: string, after: string, changelog: string) {
  const announced = announcedBreaks(changelog)
  const changes = await diff(toSchema(before), toSchema(after))
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .filter(({ path }) => path === undefined || !announced.some(line => line.includes(`\`${path}\``)))
    .map(({ path, message }) => `${path}: ${message}`)
}

function announcedBreaks(changelog: string): string[] {
  const [, unreleased = ''] = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog) ?? []
  return unreleased.split('\n').filter(line => line.startsWith('- **Breaking:**'))
}
