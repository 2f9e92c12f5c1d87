import { StoreUnavailableError } from '../../base/store-unavailable-error.ts'
import { codedError } from '../coded-error.ts'

const UNAVAILABLE =
  'Scans cannot be read or started, and no change can be undone at the moment, because the store of this server cannot be used. Try again later; reads and other changes of MFA still work.'

/**
 * Asks the store. If it cannot be used, there is no result. The error then has the code `STORE_UNAVAILABLE` and HTTP
 * status 503, so a gateway may repeat the request.
 */
export async function fromStore<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error
    throw codedError('STORE_UNAVAILABLE', UNAVAILABLE, 503)
  }
}
