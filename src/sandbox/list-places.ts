import type { SandboxUser } from './user.ts'
import type { Users } from './users.ts'

/** Returns the places of the users who pass a test, upwards. */
export function listPlaces(users: Users, passes: (user: SandboxUser) => boolean): Uint32Array {
  const places: number[] = []
  users.forEach((user, place) => {
    if (passes(user)) places.push(place)
  })
  return Uint32Array.from(places)
}
