import type { ScanUpstream, UserListFilter } from '../coverage/scan-upstream.ts'
import type { HistoryUpstream, UserEventQuery } from '../history/history-upstream.ts'
import type { MfaFactorType } from '../mfa/factor.ts'
import type { MfaState } from '../mfa/mfa-state.ts'
import type { MfaUpstream } from '../mfa/upstream.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { ApplicationQuery, ForecastUpstream } from '../policy/forecast-upstream.ts'
import type { FactorSwitch, PolicyUpstream } from '../policy/policy-upstream.ts'
import type { MakeCall } from './call.ts'
import { updateApplicationMfaSettings } from './endpoints/application-mfa-settings.ts'
import { listApplications } from './endpoints/applications.ts'
import { listExemptions } from './endpoints/exemptions.ts'
import { findApplication } from './endpoints/find-application.ts'
import {
  disableGlobalMfaSettings,
  getGlobalFactorCodes,
  getGlobalMfaSettings,
  updateGlobalMfaSettings,
} from './endpoints/global-mfa-settings.ts'
import { listDepartments } from './endpoints/list-departments.ts'
import { listGroupMembers } from './endpoints/list-group-members.ts'
import { listUsers, searchUsers } from './endpoints/list-users.ts'
import { getMfaStatus, setMfaStatus } from './endpoints/mfa-status.ts'
import { readTriggerData } from './endpoints/mfa-trigger-data.ts'
import { hasPipelineFunction } from './endpoints/pipeline-functions.ts'
import { readApplication } from './endpoints/read-application.ts'
import { listUserEvents } from './endpoints/user-action-logs.ts'
import { getUserMfaInfo } from './endpoints/user-mfa-info.ts'
import { findUsers } from './endpoints/users.ts'

/** The endpoints of GenAuth that the product calls, for one piece of work. */
export class GenAuthUpstream
  implements MfaUpstream, ScanUpstream, PolicyUpstream, ForecastUpstream, HistoryUpstream
{
  readonly #makeCall: MakeCall

  constructor(makeCall: MakeCall) {
    this.#makeCall = makeCall
  }

  readMfa(user: UserRef) {
    return getMfaStatus(this.#makeCall, user)
  }

  writeMfa(user: UserRef, state: MfaState, mfaToken: string) {
    return setMfaStatus(this.#makeCall, user, state, mfaToken)
  }

  readBindings(user: UserRef) {
    return getUserMfaInfo(this.#makeCall, user)
  }

  readGlobalFactors() {
    return getGlobalMfaSettings(this.#makeCall)
  }

  findUsers(users: readonly UserRef[]) {
    return findUsers(this.#makeCall, users)
  }

  listUsers(filter: UserListFilter, page: number) {
    return listUsers(this.#makeCall, filter, page)
  }

  listGroupMembers(code: string, page: number) {
    return listGroupMembers(this.#makeCall, code, page)
  }

  listDepartments(organizationCode: string, departmentId: string) {
    return listDepartments(this.#makeCall, organizationCode, departmentId)
  }

  findApplication(id: string) {
    return findApplication(this.#makeCall, id)
  }

  searchUsers(search: string, first: number) {
    return searchUsers(this.#makeCall, search, first)
  }

  readPoolFactors() {
    return getGlobalFactorCodes(this.#makeCall)
  }

  addPoolFactors(codes: readonly string[]) {
    return updateGlobalMfaSettings(this.#makeCall, codes)
  }

  disablePoolFactors(types: readonly MfaFactorType[]) {
    return disableGlobalMfaSettings(this.#makeCall, types)
  }

  readApplication(id: string) {
    return readApplication(this.#makeCall, id)
  }

  switchApplicationFactors(id: string, change: FactorSwitch) {
    return updateApplicationMfaSettings(this.#makeCall, id, change)
  }

  listApplications(query: ApplicationQuery) {
    return listApplications(this.#makeCall, query)
  }

  readTriggerData(applicationId: string, user: UserRef) {
    return readTriggerData(this.#makeCall, applicationId, user)
  }

  hasPipelineFunction() {
    return hasPipelineFunction(this.#makeCall)
  }

  listExemptions(page: number) {
    return listExemptions(this.#makeCall, page)
  }

  listUserEvents(query: UserEventQuery) {
    return listUserEvents(this.#makeCall, query)
  }
}
