import { z } from 'zod'
import { departmentIdType } from './department-parameters.ts'
import { MAX_PAGE_ROWS } from './page-parameters.ts'

/** The texts of a user that a filter may name. */
const TEXT_FIELDS = [
  'id',
  'phone',
  'email',
  'name',
  'username',
  'nickname',
  'externalId',
  'gender',
  'createdAt',
  'updatedAt',
] as const

/** The fields that keywords are looked for in. GenAuth also has a national identity number, which nobody has here. */
const SEARCHED_FIELDS = ['phone', 'email', 'name', 'username', 'nickname', 'id', 'externalId'] as const

/** The fields that a list may be sorted by. */
const SORTED_FIELDS = [...TEXT_FIELDS, 'status', 'lastLogin', 'lastMfaTime'] as const

export type ListedField = (typeof SORTED_FIELDS)[number]

const texts = z.union([z.string(), z.array(z.string())])

const textFilter = z.object({
  field: z.enum(TEXT_FIELDS),
  operator: z.enum(['EQUAL', 'NOT_EQUAL', 'CONTAINS', 'NOT_CONTAINS', 'IS_NULL', 'NOT_NULL', 'IN']),
  value: texts.optional(),
})

/** Which values are good is another check, whose 400 names the parameter `status`. */
const statusFilter = z.object({
  field: z.literal('status'),
  operator: z.enum(['EQUAL', 'NOT_EQUAL', 'IN']),
  value: texts,
})

/** Reading: a user who signed in to one of the applications passes. An ID of no application finds nobody. */
const applicationFilter = z.object({
  field: z.literal('loggedInApps'),
  operator: z.literal('IN'),
  value: z.array(z.string()),
})

/** Reading: a user in one of the departments passes. A department that does not exist has nobody, and is no fault. */
const departmentFilter = z.object({
  field: z.literal('department'),
  operator: z.literal('IN'),
  value: z.array(
    z.strictObject({
      organizationCode: z.string(),
      departmentId: z.string(),
      departmentIdType,
      includeChildrenDepartments: z.boolean().default(false),
    }),
  ),
})

const timeMs = z.int().min(0)

/**
 * A filter by a time, both ends included.
 *
 * Readings:
 *
 * - The times are milliseconds. One of GenAuth's samples has a text in their place, and another field name
 *   (`lastLoginTime`). Both get a 400, so that no client believes that it filtered.
 * - `signedUp` is the time when the user was made, even if somebody else made them.
 */
const timeFilter = z
  .object({
    field: z.enum(['lastLogin', 'signedUp']),
    operator: z.enum(['GREATER', 'LESSER', 'BETWEEN', 'IS_NULL', 'NOT_NULL']),
    value: z.union([timeMs, z.tuple([timeMs, timeMs])]).optional(),
  })
  .refine(({ operator, value }) => takesTimes(operator) === countTimes(value), { path: ['value'] })

function takesTimes(operator: string): number {
  if (operator === 'BETWEEN') return 2
  return operator === 'GREATER' || operator === 'LESSER' ? 1 : 0
}

function countTimes(value: number | readonly number[] | undefined): number {
  return value === undefined ? 0 : [value].flat().length
}

/**
 * Accepts less than the real call: the fields and operators above, and no `searchQuery` (raw Elasticsearch). Anything
 * else gets a 400 and is not ignored, so that no client believes that it filtered. One of GenAuth's samples sorts by
 * `direction` in place of `order`. Reading: it is a fault.
 */
export const listUsersParameters = z.object({
  keywords: z.string().optional(),
  searchQuery: z.never().optional(),
  advancedFilter: z
    .array(
      z.discriminatedUnion('field', [
        textFilter,
        statusFilter,
        applicationFilter,
        departmentFilter,
        timeFilter,
      ]),
    )
    .default([]),
  options: z
    .object({
      pagination: z
        .object({
          page: z.int().min(1).default(1),
          limit: z.int().min(1).max(MAX_PAGE_ROWS).default(10),
        })
        .prefault({}),
      sort: z
        .array(
          z.strictObject({ field: z.enum(SORTED_FIELDS), order: z.enum(['asc', 'desc']).default('asc') }),
        )
        .default([]),
      fuzzySearchOn: z
        .array(z.enum(SEARCHED_FIELDS))
        .default(['phone', 'email', 'name', 'username', 'nickname']),
      withCustomData: z.boolean().optional(),
      flatCustomData: z.boolean().optional(),
      withIdentities: z.boolean().optional(),
      withDepartmentIds: z.boolean().optional(),
      withPost: z.boolean().optional(),
    })
    .prefault({}),
})

export type ListUsersParameters = z.output<typeof listUsersParameters>
export type TextFilter = z.output<typeof textFilter>
export type TimeFilter = z.output<typeof timeFilter>
export type ListFilter = ListUsersParameters['advancedFilter'][number]
