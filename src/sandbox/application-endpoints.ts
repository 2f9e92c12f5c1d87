import { toApplicationDto, toSimpleInfoDto } from './application-dto.ts'
import {
  type ApplicationListParameters,
  getApplicationParameters,
  listApplicationSimpleInfoParameters,
  listApplicationsParameters,
} from './application-parameters.ts'
import type { SandboxApplication } from './applications.ts'
import type { Endpoint } from './endpoint.ts'
import { getApplication as getApplicationOrFail } from './find-application.ts'
import { containsText } from './list-filter.ts'
import { parseParameters } from './parameters.ts'

export const getApplicationSimpleInfo: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { appId } = parseParameters(getApplicationParameters, params)
    return toSimpleInfoDto(getApplicationOrFail(store, appId))
  },
}

export const getApplication: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { appId } = parseParameters(getApplicationParameters, params)
    return toApplicationDto(getApplicationOrFail(store, appId), store.userPoolId)
  },
}

export const listApplicationSimpleInfo: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    return listPage(
      store.applications,
      parseParameters(listApplicationSimpleInfoParameters, params),
      toSimpleInfoDto,
    )
  },
}

export const listApplications: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const parsed = parseParameters(listApplicationsParameters, params)
    return listPage(store.applications, parsed, application =>
      toApplicationDto(application, store.userPoolId),
    )
  },
}

/** Readings: every filter must pass, and keywords match a part of the name or of the identifier, in any case. */
function listPage(
  applications: readonly SandboxApplication[],
  { page, limit, isIntegrateApp, isSelfBuiltApp, ssoEnabled, keywords }: ApplicationListParameters,
  toDto: (application: SandboxApplication) => Record<string, unknown>,
) {
  const wanted = keywords.toLowerCase()
  const found = applications.filter(
    ({ name, identifier, isIntegrated, hasSingleSignOn }) =>
      (!isIntegrateApp || isIntegrated) &&
      (!isSelfBuiltApp || !isIntegrated) &&
      (!ssoEnabled || hasSingleSignOn) &&
      [name, identifier].some(text => containsText(text, wanted)),
  )
  return { totalCount: found.length, list: found.slice((page - 1) * limit, page * limit).map(toDto) }
}
