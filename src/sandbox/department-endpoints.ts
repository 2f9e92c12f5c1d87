import { toDepartmentDto, toOrganizationDto } from './department-dto.ts'
import { toMemberTest } from './department-members.ts'
import {
  getAllDepartmentsParameters,
  getUserDepartmentsParameters,
  listChildrenDepartmentsParameters,
  listDepartmentMembersParameters,
  listOrganizationsParameters,
} from './department-parameters.ts'
import { DEPARTMENTS, listChildren, listDescendants, type SandboxDepartment } from './departments.ts'
import type { Endpoint } from './endpoint.ts'
import { getDepartment } from './find-department.ts'
import { getUser } from './find-user.ts'
import { listPlaces } from './list-places.ts'
import { parseParameters } from './parameters.ts'
import type { Store } from './store.ts'
import { toUserPage } from './to-user-page.ts'
import { listUserDepartments } from './user-departments.ts'

export const listOrganizations: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { page, limit, fetchAll } = parseParameters(listOrganizationsParameters, params)
    const tops = DEPARTMENTS.filter(one => one.parentDepartmentId === null)
    const onPage = fetchAll ? tops : tops.slice((page - 1) * limit, page * limit)
    const counts = store.getMemberCounts()
    return {
      totalCount: tops.length,
      list: onPage.map(top => toOrganizationDto(top, counts.get(top.departmentId) ?? 0)),
    }
  },
}

/** Reading: the departments below the one that is named, at any depth, and not itself. */
export const getAllDepartments: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const name = parseParameters(getAllDepartmentsParameters, params)
    return toDepartmentList(store, listDescendants(getDepartment(name)))
  },
}

export const listChildrenDepartments: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const name = parseParameters(listChildrenDepartmentsParameters, params)
    return toDepartmentList(store, listChildren(getDepartment(name).departmentId))
  },
}

/**
 * Reading: nobody joined a department later than they were made, so every order that can be asked for is that of places.
 */
export const listDepartmentMembers: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const parsed = parseParameters(listDepartmentMembersParameters, params)
    const { departmentId } = getDepartment(parsed)
    const { includeChildrenDepartments, orderBy, page, limit, ...details } = parsed
    const places = store.listings.get({ departmentId, includeChildrenDepartments, orderBy }, () => {
      const upwards = listPlaces(store.users, toMemberTest([parsed]))
      return orderBy === 'Asc' ? upwards : upwards.toReversed()
    })
    return toUserPage(store.users, places, { page, limit, details })
  },
}

export const getUserDepartments: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const parsed = parseParameters(getUserDepartmentsParameters, params)
    const { userId, userIdType, page, limit, ...options } = parsed
    const departments = listUserDepartments(getUser(store.users, userIdType, userId), options)
    return { totalCount: departments.length, list: departments.slice((page - 1) * limit, page * limit) }
  },
}

/** Reading: the count is a number. Its type says boolean, and its sample is 10. */
function toDepartmentList(store: Store, departments: readonly SandboxDepartment[]) {
  const counts = store.getMemberCounts()
  return {
    totalCount: departments.length,
    list: departments.map(one => toDepartmentDto(one, counts.get(one.departmentId) ?? 0)),
  }
}
