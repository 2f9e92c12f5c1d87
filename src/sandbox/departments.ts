/** A department of an organisation. The organisation itself is the one without a parent. */
export interface SandboxDepartment {
  organizationCode: string
  departmentId: string
  /** Its ID in the directory that it came from. `null` if it was made here. */
  openDepartmentId: string | null
  code: string
  name: string
  parentDepartmentId: string | null
}

const EXAMPLE = 'example'
const PARTNERS = 'partners'

/** Two organisations: one has three levels below its top, the other has one. Of the users made by hand only Alan is in none. */
export const DEPARTMENTS: readonly SandboxDepartment[] = [
  department(EXAMPLE, 0x80, null, 'Example Ltd'),
  department(EXAMPLE, 0x01, 0x80, 'Research'),
  department(EXAMPLE, 0x02, 0x80, 'Engineering'),
  department(EXAMPLE, 0x03, 0x02, 'Platform'),
  department(EXAMPLE, 0x04, 0x03, 'Security'),
  department(EXAMPLE, 0x05, 0x02, 'Product'),
  department(EXAMPLE, 0x06, 0x80, 'Sales', 'od-6f3e'),
  department(EXAMPLE, 0x07, 0x06, 'Europe', 'od-6f3f'),
  department(EXAMPLE, 0x08, 0x06, '亚洲', 'od-6f40'),
  department(EXAMPLE, 0x09, 0x80, 'Support'),
  department(PARTNERS, 0x90, null, 'Partners'),
  department(PARTNERS, 0x11, 0x90, 'Resellers'),
  department(PARTNERS, 0x12, 0x90, 'Consultants'),
]

/** Returns the departments below one, at any depth and without itself, each after its parent. */
export function listDescendants({ departmentId }: SandboxDepartment): SandboxDepartment[] {
  return listChildren(departmentId).flatMap(child => [child, ...listDescendants(child)])
}

/** Returns the departments above one, the organisation first. */
export function listAncestors({ parentDepartmentId }: SandboxDepartment): SandboxDepartment[] {
  return DEPARTMENTS.filter(one => one.departmentId === parentDepartmentId).flatMap(parent => [
    ...listAncestors(parent),
    parent,
  ])
}

/** Returns the departments right below one. */
export function listChildren(departmentId: string): SandboxDepartment[] {
  return DEPARTMENTS.filter(one => one.parentDepartmentId === departmentId)
}

function department(
  organizationCode: string,
  place: number,
  parentPlace: number | null,
  name: string,
  openDepartmentId: string | null = null,
): SandboxDepartment {
  return {
    organizationCode,
    departmentId: toDepartmentId(place),
    openDepartmentId,
    code: name.toLowerCase(),
    name,
    parentDepartmentId: parentPlace === null ? null : toDepartmentId(parentPlace),
  }
}

/** Returns the ID of the department with a number. */
export function toDepartmentId(place: number): string {
  return `65d${place.toString(16).padStart(21, '0')}`
}
