import { DEPARTMENTS, listChildren, type SandboxDepartment } from './departments.ts'

/** When every department was made. */
export const CREATED_AT = '2024-01-01T00:00:00.000Z'

/** Returns an organisation as the API shows it. Reading: its members are the direct ones of its top. */
export function toOrganizationDto(top: SandboxDepartment, membersCount: number): Record<string, unknown> {
  const { organizationCode, name, departmentId, openDepartmentId } = top
  return {
    organizationCode,
    organizationName: name,
    departmentId,
    openDepartmentId,
    description: null,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    hasChildren: listChildren(departmentId).length > 0,
    leaderUserIds: [],
    membersCount,
    isVirtualNode: false,
  }
}

/** Returns a department as the API shows it. Its members are the direct ones. */
export function toDepartmentDto(
  department: SandboxDepartment,
  membersCount: number,
): Record<string, unknown> {
  const { organizationCode, departmentId, openDepartmentId, code, name, parentDepartmentId } = department
  return {
    organizationCode,
    departmentId,
    openDepartmentId,
    code,
    name,
    description: null,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    parentDepartmentId,
    parentDepartmentCode: DEPARTMENTS.find(one => one.departmentId === parentDepartmentId)?.code,
    leaderUserIds: [],
    membersCount,
    hasChildren: listChildren(departmentId).length > 0,
    isVirtualNode: false,
  }
}
