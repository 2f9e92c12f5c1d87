import type { Texts } from './en.ts'
import { change } from './zh-cn/change.ts'
import { changes } from './zh-cn/changes.ts'
import { changing } from './zh-cn/changing.ts'
import { common } from './zh-cn/common.ts'
import { coverage } from './zh-cn/coverage.ts'
import { failures } from './zh-cn/failures.ts'
import { find } from './zh-cn/find.ts'
import { history } from './zh-cn/history.ts'
import { policy } from './zh-cn/policy.ts'
import { rights } from './zh-cn/rights.ts'
import { several } from './zh-cn/several.ts'
import { signIn } from './zh-cn/sign-in.ts'
import { user } from './zh-cn/user.ts'

/** All texts of the page in simplified Chinese. */
export const zhCn: Texts = { change, changes, changing, common, coverage, failures, find, history, policy, rights, several, signIn, user }

