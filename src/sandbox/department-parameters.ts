import { z } from 'zod'
import { pageParameters } from './page-parameters.ts'
import { queryFlag, userDetailParameters, userParameters } from './parameters.ts'

/** Accepts less than the real call: departments here have no sync relation and no custom field. */
export const departmentIdType = z
  .enum(['department_id', 'open_department_id', 'code'])
  .default('department_id')

/** Filters that would find nobody here. They get a 400, so that no client believes that it filtered. */
const LEFT_OUT = { tenantId: z.never().optional(), status: z.never().optional() }

export const listOrganizationsParameters = pageParameters.extend({
  ...LEFT_OUT,
  fetchAll: queryFlag.default(false),
})

/** An empty code is no malformed one: it belongs to no organisation, and gets that 404. */
const department = z.object({
  organizationCode: z.string(),
  departmentId: z.string().min(1),
  departmentIdType,
})

export const getAllDepartmentsParameters = department.extend({
  departmentId: z.string().min(1).default('root'),
})

/** No department here is virtual, so leaving them out changes nothing, and a list of them alone would be empty. */
export const listChildrenDepartmentsParameters = department.extend({
  ...LEFT_OUT,
  onlyVirtualNode: z.literal('false').optional(),
})

export const listDepartmentMembersParameters = department
  .extend(pageParameters.shape)
  .extend(userDetailParameters.shape)
  .extend({
    tenantId: LEFT_OUT.tenantId,
    includeChildrenDepartments: queryFlag.default(false),
    sortBy: z.enum(['Default', 'JoinDepartmentAt', 'userId', 'createAt', 'updatedAt']).optional(),
    orderBy: z.enum(['Asc', 'Desc']).default('Desc'),
  })

/** `DepartmemtCode` is how the API spells it. */
export const getUserDepartmentsParameters = userParameters.extend(pageParameters.shape).extend({
  withCustomData: queryFlag.optional(),
  withDepartmentPaths: queryFlag.default(false),
  sortBy: z
    .enum(['DepartmentCreatedAt', 'JoinDepartmentAt', 'DepartmentName', 'DepartmemtCode'])
    .default('JoinDepartmentAt'),
  orderBy: z.enum(['Asc', 'Desc']).default('Desc'),
})
