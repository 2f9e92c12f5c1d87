import { fail, type Result, refusedInput } from './failure.ts'
import { findUserIdFault, foldUserRef, toUserRefKey, type UserRef } from './user-ref.ts'

/**
 * Reads each user once, in any case of letters of GenAuth's id. It does not read a user whose identifier has a fault.
 */
export class ReadOnce<T> {
  #begun: Map<string, Promise<Result<T>>> | null = null

  read(given: UserRef, read: (user: UserRef) => Promise<Result<T>>): Promise<Result<T>> {
    const user = foldUserRef(given)
    const key = toUserRefKey(user)
    this.#begun ??= new Map()
    const reading = this.#begun.get(key) ?? readWellFormed(user, read)
    this.#begun.set(key, reading)
    return reading
  }
}

async function readWellFormed<T>(
  user: UserRef,
  read: (user: UserRef) => Promise<Result<T>>,
): Promise<Result<T>> {
  const fault = findUserIdFault(user)
  return fault === null ? read(user) : fail(refusedInput([{ path: ['userId'], message: fault }]))
}
