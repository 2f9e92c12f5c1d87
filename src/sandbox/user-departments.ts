import { CREATED_AT } from './department-dto.ts'
import { DEPARTMENTS, listAncestors, type SandboxDepartment } from './departments.ts'
import type { SandboxUser } from './user.ts'

export interface UserDepartmentOptions {
  withDepartmentPaths: boolean
  sortBy: 'DepartmentCreatedAt' | 'JoinDepartmentAt' | 'DepartmentName' | 'DepartmemtCode'
  orderBy: 'Asc' | 'Desc'
}

/**
 * Returns the departments of a user as the API shows them, sorted, before paging.
 *
 * Readings:
 *
 * - The main department is the first.
 * - Departments that are equal in the order that is asked for stay in that of the user. All were made at one time, and
 *   the user joined all when they were made.
 * - A path leads from the organisation's top to the department.
 */
export function listUserDepartments(
  user: SandboxUser,
  { withDepartmentPaths, sortBy, orderBy }: UserDepartmentOptions,
): Record<string, unknown>[] {
  const direction = orderBy === 'Asc' ? 1 : -1
  return user.departmentIds
    .flatMap(departmentId => DEPARTMENTS.filter(one => one.departmentId === departmentId))
    .sort((left, right) => direction * compare(toSortedText(left, sortBy), toSortedText(right, sortBy)))
    .map(department => ({
      ...toUserDepartmentDto(user, department),
      ...(withDepartmentPaths ? toPaths(department) : {}),
    }))
}

function toSortedText({ name, code }: SandboxDepartment, sortBy: UserDepartmentOptions['sortBy']): string {
  switch (sortBy) {
    case 'DepartmentName':
      return name
    case 'DepartmemtCode':
      return code
    case 'DepartmentCreatedAt':
    case 'JoinDepartmentAt':
      return ''
  }
}

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function toUserDepartmentDto(user: SandboxUser, department: SandboxDepartment): Record<string, unknown> {
  const { organizationCode, departmentId, openDepartmentId, code, name, parentDepartmentId } = department
  return {
    organizationCode,
    departmentId,
    openDepartmentId,
    code,
    name,
    description: null,
    createdAt: CREATED_AT,
    joinedAt: user.createdAt,
    isRoot: parentDepartmentId === null,
    isLeader: false,
    isMainDepartment: departmentId === user.departmentIds[0],
    isVirtualNode: false,
  }
}

function toPaths(department: SandboxDepartment): Record<string, string[]> {
  const path = [...listAncestors(department), department]
  return {
    departmentIdPath: path.map(one => one.departmentId),
    departmentCodePath: path.map(one => one.code),
    departmentNamePath: path.map(one => one.name),
  }
}
