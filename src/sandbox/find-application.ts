import type { SandboxApplication } from './applications.ts'
import { Failure } from './failure.ts'
import type { Store } from './store.ts'

/** Returns the application with an ID. Reading: an unknown one is a 404 with apiCode 2011, at every call. */
export function getApplication({ applications }: Store, appId: string): SandboxApplication {
  const application = applications.find(one => one.appId === appId)
  if (application === undefined) {
    throw new Failure({ statusCode: 404, apiCode: 2011, message: 'unknownApplication' })
  }
  return application
}
