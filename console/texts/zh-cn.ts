import type { Texts } from './en.ts'
import { changes } from './zh-cn/changes.ts'
import { common } from './zh-cn/common.ts'
import { failures } from './zh-cn/failures.ts'
import { find } from './zh-cn/find.ts'
import { history } from './zh-cn/history.ts'
import { signIn } from './zh-cn/sign-in.ts'

/** All texts of the page in simplified Chinese. */
export const zhCn: Texts = { changes, common, failures, find, history, signIn }
