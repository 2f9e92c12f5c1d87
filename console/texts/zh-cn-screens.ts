import type { ScreenTexts } from './en-screens.ts'
import { change } from './zh-cn/change.ts'
import { changes } from './zh-cn/changes.ts'
import { changing } from './zh-cn/changing.ts'
import { coverage } from './zh-cn/coverage.ts'
import { history } from './zh-cn/history.ts'
import { policy } from './zh-cn/policy.ts'
import { rights } from './zh-cn/rights.ts'
import { several } from './zh-cn/several.ts'
import { user } from './zh-cn/user.ts'

/** The texts of the other screens in simplified Chinese. */
export const zhCnScreens: ScreenTexts = {
  change,
  changes,
  changing,
  coverage,
  history,
  policy,
  rights,
  several,
  user,
}
