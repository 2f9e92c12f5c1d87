import { expect, it } from 'vitest'
import type { ListedUser } from '../../src/coverage/scan-upstream.ts'
import {
  type ListPlace,
  MAX_TAIL_USERS,
  startOfList,
  toNextWindow,
} from '../../src/coverage/scanning/list-place.ts'
import { readListPage } from '../../src/coverage/scanning/read-list-page.ts'

const NOBODY = {
  ...{ name: null, nickname: null, username: null, status: null, phone: null, phoneCountryCode: null },
  ...{ email: null, lastSignInAt: null, lastMfaAt: null },
}
const toUser = (userId: string, createdAtMs: number): ListedUser => ({
  ids: { USER_ID: userId, EXTERNAL_ID: null, USERNAME: null },
  account: NOBODY,
  departmentIds: [],
  createdAtMs,
})

/** Reads a long list of users whose times of sign-up a function tells, and returns where it has come to. */
async function readPages(count: number, toCreatedAtMs: (n: number) => number): Promise<ListPlace> {
  const read = async (page: number) => {
    const users = Array.from({ length: 50 }, (_, n) => (page - 1) * 50 + n)
    const value = {
      users: users.map(n => toUser(`u${n}`, toCreatedAtMs(n))),
      unreadable: 0,
      totalCount: 1_000_000,
    }
    return { kind: 'ANSWERED', value } as const
  }
  let place = startOfList(0)
  for (let page = 1; page <= count; page++) {
    const step = await readListPage([{ hasWindows: true, read }], place)
    if (step.kind !== 'PAGE' || step.next === null) throw new Error(step.kind)
    place = step.next
  }
  return place
}

it('keeps the users of the last time of sign-up, whom a window shows again', async () => {
  const place = await readPages(3, n => Math.floor(n / 4))
  expect(place.tail).toEqual({ atMs: 37, userIds: ['u148', 'u149'] })
  expect(toNextWindow(place)).toMatchObject({ page: 1, fromMs: 37, skip: ['u148', 'u149'] })
})

it('stays short though many users came at the same time, and needs no window for them', async () => {
  const many = await readPages(MAX_TAIL_USERS / 50 + 10, () => 7)
  expect(many.tail?.userIds).toHaveLength(MAX_TAIL_USERS + 1)
  expect(toNextWindow(many)).toBeNull()
  const after = await readPages(MAX_TAIL_USERS / 50 + 10, n => (n < MAX_TAIL_USERS + 450 ? 7 : 8))
  expect(toNextWindow(after)).toMatchObject({ fromMs: 8 })
})
