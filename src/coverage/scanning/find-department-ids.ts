import type { PopulationDepartment } from '../population.ts'
import type { ScanFailure } from '../scan.ts'
import type { Department } from '../scan-upstream.ts'
import type { ScanCalls } from './scan-calls.ts'

export type FoundDepartmentIds =
  /** `null` if every department belongs to them, or if GenAuth does not say which ones do. */
  | { readonly kind: 'FOUND'; readonly departmentIds: ReadonlySet<string> | null }
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  | { readonly kind: 'UNANSWERED' }

const ROOT = 'root'

/** Returns the ids of the departments, with those of their children where they are wanted. */
export async function findDepartmentIds(
  calls: ScanCalls,
  departments: readonly PopulationDepartment[],
): Promise<FoundDepartmentIds> {
  let departmentIds: Set<string> | null = departments.length === 0 ? null : new Set()
  for (const { organizationCode, departmentId, includesChildren } of departments) {
    if (departmentId !== ROOT) departmentIds?.add(departmentId)
    if (departmentId !== ROOT && !includesChildren) continue
    const listed = await calls.make(upstream => upstream.listDepartments(organizationCode, departmentId))
    if (listed.kind === 'ANSWERED') {
      const found = includesChildren ? toAllIds(listed.value) : toTopIds(listed.value)
      // The top has no name of its own. Without children nothing names it.
      if (departmentId === ROOT && found.length === 0) departmentIds = null
      for (const id of found) departmentIds?.add(id)
    } else if (listed.kind === 'UNANSWERED' && !listed.isSent) {
      return { kind: 'UNANSWERED' }
    } else if (listed.kind === 'REFUSED' && listed.failure.kind === 'USER_NOT_FOUND') {
      return { kind: 'FAILED', failure: 'POPULATION_GONE' }
    } else departmentIds = null
  }
  return { kind: 'FOUND', departmentIds }
}

/** A parent that is not in the list itself is the one below which it was asked for. */
function toAllIds(departments: readonly Department[]): string[] {
  return departments.flatMap(({ departmentId, parentDepartmentId }) =>
    parentDepartmentId === null ? [departmentId] : [departmentId, parentDepartmentId],
  )
}

function toTopIds(departments: readonly Department[]): string[] {
  const below = new Set(departments.map(({ departmentId }) => departmentId))
  return departments.flatMap(({ departmentId, parentDepartmentId }) => {
    if (parentDepartmentId === null) return [departmentId]
    return below.has(parentDepartmentId) ? [] : [parentDepartmentId]
  })
}
