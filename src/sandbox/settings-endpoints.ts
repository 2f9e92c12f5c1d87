import type { Endpoint } from './endpoint.ts'
import { Failure } from './failure.ts'
import { getApplication } from './find-application.ts'
import {
  applicationFactorsParameters,
  disableFactorsParameters,
  enabledFactorsParameters,
  parseParameters,
} from './parameters.ts'
import type { Factor } from './user.ts'

export const getGlobalMfaSettings: Endpoint = {
  method: 'GET',
  handle: (_params, { store }) => toSettings(store.globalFactors),
}

/**
 * Reading: adds to the enabled factors, as its summary ("switch on") and the separate call to switch off suggest. A
 * sandbox can also replace them.
 */
export const updateGlobalMfaSettings: Endpoint = {
  method: 'POST',
  handle(params, { store }) {
    const { enabledFactors } = parseParameters(enabledFactorsParameters, params)
    if (store.poolSettingsCalls.update === 'REPLACES') store.globalFactors.clear()
    return toSettings(change(store.globalFactors, enabledFactors, []))
  },
}

/** Old private deployments lack this call. Reading: they reply to it as to every unknown one, or with 501. */
export const disableGlobalMfaSettings: Endpoint = {
  method: 'POST',
  handle(params, { store }) {
    switch (store.poolSettingsCalls.disable) {
      case 'NOT_FOUND':
        throw new Failure({ statusCode: 404, httpStatus: 404, message: 'notFound' })
      case 'UNSUPPORTED':
        throw new Failure({ statusCode: 501, message: 'unsupported' })
      case 'WORKS':
    }
    const { disableFactors } = parseParameters(disableFactorsParameters, params)
    return toSettings(change(store.globalFactors, [], disableFactors))
  },
}

/**
 * Readings: an application's factors stand alone, whatever the pool's factors are. An application without own rules
 * keeps them too, and they have no effect.
 */
export const updateApplicationMfaSettings: Endpoint = {
  method: 'POST',
  handle(params, { store }) {
    const { appId, enabledFactors, disabledFactors } = parseParameters(applicationFactorsParameters, params)
    return toSettings(change(getApplication(store, appId).factors, enabledFactors, disabledFactors))
  },
}

function change(factors: Set<Factor>, on: readonly Factor[], off: readonly Factor[]): Set<Factor> {
  for (const factor of on) {
    factors.add(factor)
  }
  for (const factor of off) {
    factors.delete(factor)
  }
  return factors
}

function toSettings(factors: ReadonlySet<Factor>): { enabledFactors: Factor[] } {
  return { enabledFactors: [...factors] }
}
