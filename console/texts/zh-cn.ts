import type { Texts } from './en.ts'
import { common } from './zh-cn/common.ts'
import { failures } from './zh-cn/failures.ts'
import { find } from './zh-cn/find.ts'
import { signIn } from './zh-cn/sign-in.ts'

/** The texts of the first screens in simplified Chinese. */
export const zhCn: Texts = { common, failures, find, signIn }
