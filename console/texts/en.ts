import { common } from './en/common.ts'
import { failures } from './en/failures.ts'
import { find } from './en/find.ts'
import { signIn } from './en/sign-in.ts'

/** The texts of the first screens in English. The other languages have the same keys. */
export const en = { common, failures, find, signIn }

/** The texts of the first screens in one language. */
export type Texts = typeof en
