import { change } from './en/change.ts'
import { changes } from './en/changes.ts'
import { changing } from './en/changing.ts'
import { coverage } from './en/coverage.ts'
import { history } from './en/history.ts'
import { policy } from './en/policy.ts'
import { rights } from './en/rights.ts'
import { several } from './en/several.ts'
import { user } from './en/user.ts'

/** The texts of the other screens in English. The other languages have the same keys. */
export const enScreens = { change, changes, changing, coverage, history, policy, rights, several, user }

/** The texts of the other screens in one language. */
export type ScreenTexts = typeof enScreens
