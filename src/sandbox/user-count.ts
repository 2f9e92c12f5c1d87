/** The number of users in a new sandbox, unless more are asked for. */
export const SEEDED_USER_COUNT = 64

/** As many users as lists still answer within a second. */
export const MAX_USER_COUNT = 200_000
