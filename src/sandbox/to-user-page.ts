import { toUserDto, type UserDetails } from './user-dto.ts'
import type { Users } from './users.ts'

export interface UserPage {
  totalCount: number
  list: Record<string, unknown>[]
}

export interface UserPageOptions {
  /** Counts from 1. */
  page: number
  limit: number
  details: UserDetails
}

/** Returns one page of a list as the API shows it. A page behind the last is empty. */
export function toUserPage(users: Users, places: Uint32Array, options: UserPageOptions): UserPage {
  const { page, limit, details } = options
  const onPage = Array.from(places.subarray((page - 1) * limit, page * limit), place => users.at(place))
  const list = onPage.filter(user => user !== undefined).map(user => toUserDto(user, details))
  return { totalCount: places.length, list }
}
