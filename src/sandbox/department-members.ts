import { listDescendants } from './departments.ts'
import { type DepartmentName, findDepartment } from './find-department.ts'
import type { SandboxUser } from './user.ts'
import type { Users } from './users.ts'

export interface DepartmentSelection extends DepartmentName {
  /** `true` if members of the departments below count, too. */
  includeChildrenDepartments: boolean
}

/** The direct members by department ID. A department without any is not in it. */
export type MemberCounts = ReadonlyMap<string, number>

/** Returns the test of who is in one of the departments. Those that do not exist have nobody. */
export function toMemberTest(selections: readonly DepartmentSelection[]): (user: SandboxUser) => boolean {
  const departmentIds = new Set(selections.flatMap(toDepartmentIds))
  return user => user.departmentIds.some(departmentId => departmentIds.has(departmentId))
}

function toDepartmentIds({ includeChildrenDepartments, ...name }: DepartmentSelection): string[] {
  const department = findDepartment(name)
  if (department === undefined) return []
  const below = includeChildrenDepartments ? listDescendants(department) : []
  return [department, ...below].map(({ departmentId }) => departmentId)
}

/** Counts the direct members of every department, in one walk over all users. */
export function countMembers(users: Users): MemberCounts {
  const counts = new Map<string, number>()
  users.forEach(({ departmentIds }) => {
    for (const departmentId of departmentIds) {
      counts.set(departmentId, (counts.get(departmentId) ?? 0) + 1)
    }
  })
  return counts
}
