import { DEPARTMENTS, type SandboxDepartment } from './departments.ts'
import { Failure } from './failure.ts'

/** How a call names a department. */
export interface DepartmentName {
  organizationCode: string
  /** `root` is the top of the organisation. */
  departmentId: string
  departmentIdType: 'department_id' | 'open_department_id' | 'code'
}

/** Returns the department that a call names, or `undefined`. */
export function findDepartment(name: DepartmentName): SandboxDepartment | undefined {
  return DEPARTMENTS.find(one => one.organizationCode === name.organizationCode && hasId(one, name))
}

/**
 * Returns the department as findDepartment does, but fails if there is none. An unknown organisation is a 404, whose
 * text repeats its code. Reading: an unknown department is a 404, too.
 */
export function getDepartment(name: DepartmentName): SandboxDepartment {
  const { organizationCode } = name
  if (!DEPARTMENTS.some(one => one.organizationCode === organizationCode)) {
    throw new Failure({ statusCode: 404, message: 'unknownOrganization', subject: organizationCode })
  }
  const department = findDepartment(name)
  if (department === undefined) {
    throw new Failure({ statusCode: 404, message: 'unknownDepartment' })
  }
  return department
}

/** Reading: `root` names the top under every type of ID. */
function hasId(department: SandboxDepartment, { departmentId, departmentIdType }: DepartmentName): boolean {
  if (departmentId === 'root') return department.parentDepartmentId === null
  switch (departmentIdType) {
    case 'department_id':
      return department.departmentId === departmentId
    case 'open_department_id':
      return department.openDepartmentId === departmentId
    case 'code':
      return department.code === departmentId
  }
}
