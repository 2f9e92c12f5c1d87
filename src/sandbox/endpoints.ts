import { getUserActionLogs } from './action-log-endpoints.ts'
import {
  getApplication,
  getApplicationSimpleInfo,
  listApplicationSimpleInfo,
  listApplications,
} from './application-endpoints.ts'
import {
  getAllDepartments,
  getUserDepartments,
  listChildrenDepartments,
  listDepartmentMembers,
  listOrganizations,
} from './department-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { Failure } from './failure.ts'
import { getGroup, getUserGroups, listGroupMembers, listGroups } from './group-endpoints.ts'
import { getMfaStatus, getMfaTriggerData, getUserMfaInfo, setMfaStatus } from './mfa-endpoints.ts'
import { managementTokenParameters, parseParameters } from './parameters.ts'
import { listPipelineFunctions, listUserList } from './policy-endpoints.ts'
import {
  disableGlobalMfaSettings,
  getGlobalMfaSettings,
  updateApplicationMfaSettings,
  updateGlobalMfaSettings,
} from './settings-endpoints.ts'
import { getUser, getUserBatch, listUsers } from './user-endpoints.ts'

/** Reading: a wrong key is 401, without an apiCode. */
const getManagementToken: Endpoint = {
  method: 'POST',
  isOpen: true,
  handle(params, context) {
    const { accessKeyId, accessKeySecret } = parseParameters(managementTokenParameters, params)
    if (context.accessKeys.secretOf(accessKeyId) !== accessKeySecret) {
      throw new Failure({ statusCode: 401, message: 'wrongKey' })
    }
    return context.tokens.mintManagementToken(accessKeyId)
  },
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['get-management-token', getManagementToken],
  ['set-mfa-status', setMfaStatus],
  ['get-mfa-status', getMfaStatus],
  ['get-mfa-trigger-data', getMfaTriggerData],
  ['get-user-mfa-info', getUserMfaInfo],
  ['get-global-mfa-settings', getGlobalMfaSettings],
  ['update-global-mfa-settings', updateGlobalMfaSettings],
  ['disable-global-mfa-settings', disableGlobalMfaSettings],
  ['update-application-mfa-settings', updateApplicationMfaSettings],
  ['get-application', getApplication],
  ['get-application-simple-info', getApplicationSimpleInfo],
  ['list-applications', listApplications],
  ['list-application-simple-info', listApplicationSimpleInfo],
  ['list-pipeline-functions', listPipelineFunctions],
  ['user-list', listUserList],
  ['get-user-action-logs', getUserActionLogs],
  ['get-user', getUser],
  ['get-user-batch', getUserBatch],
  ['list-users', listUsers],
  ['list-organizations', listOrganizations],
  ['get-all-departments', getAllDepartments],
  ['list-children-departments', listChildrenDepartments],
  ['list-department-members', listDepartmentMembers],
  ['get-user-departments', getUserDepartments],
  ['list-groups', listGroups],
  ['get-group', getGroup],
  ['get-user-groups', getUserGroups],
  ['list-group-members', listGroupMembers],
])

/**
 * Returns the call with a name and method. Reading: a known name under another method is not found, like an unknown
 * one.
 */
export function getEndpoint(name: string, method: string): Endpoint {
  const endpoint = ENDPOINTS.get(name)
  if (endpoint?.method !== method) {
    throw new Failure({ statusCode: 404, httpStatus: 404, message: 'notFound' })
  }
  return endpoint
}
