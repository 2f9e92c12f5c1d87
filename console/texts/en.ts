import { change } from './en/change.ts'
import { changes } from './en/changes.ts'
import { changing } from './en/changing.ts'
import { common } from './en/common.ts'
import { coverage } from './en/coverage.ts'
import { failures } from './en/failures.ts'
import { find } from './en/find.ts'
import { history } from './en/history.ts'
import { policy } from './en/policy.ts'
import { rights } from './en/rights.ts'
import { several } from './en/several.ts'
import { signIn } from './en/sign-in.ts'
import { user } from './en/user.ts'

/** All texts of the page in English. The other languages have the same keys. */
export const en = { change, changes, changing, common, coverage, failures, find, history, policy, rights, several, signIn, user }

/** The texts of one language. */
export type Texts = typeof en
