import type { DemoPersonId } from './demo-people.ts'
import type { Language } from './language.ts'

export interface Texts {
  readonly signIn: string
  readonly signInHint: string
  readonly signInAgain: string
  /** Says since when the person is signed in. `name` is a person's, `time` an ISO 8601 time. */
  readonly signedInSince: (name: string, time: string) => string
  readonly signInAgainHint: string
  readonly signInAgainAs: (name: string) => string
  readonly chooseAnother: string
  readonly signOut: string
  readonly signOutHint: string
  readonly signedOut: string
  readonly refused: string
  /** Says which parameter is at fault. `parameter` is its name. */
  readonly badParameter: (parameter: string) => string
  readonly badForm: string
  readonly people: Readonly<Record<DemoPersonId, { readonly name: string; readonly may: string }>>
}

const ENGLISH: Texts = {
  signIn: 'Sign in to the sandbox',
  signInHint: 'These people are made up and need no password. Choose the one to try.',
  signInAgain: 'Sign in again',
  signedInSince: (name, time) => `${name} is signed in since ${time}.`,
  signInAgainHint:
    'What you want to do needs a newer sign-in with a second factor. The sandbox acts as if you had entered a code.',
  signInAgainAs: name => `Sign in again as ${name}`,
  chooseAnother: 'Choose somebody else',
  signOut: 'Sign out of the sandbox',
  signOutHint: 'The sandbox forgets who is signed in in this browser.',
  signedOut: 'You are signed out of the sandbox.',
  refused: 'This sign-in cannot begin',
  badParameter: parameter =>
    `The parameter ${parameter} is missing, or not one that the sandbox accepts. Open the page that you want to use, and sign in from there.`,
  badForm: 'The form did not come from a page of the sandbox, or is not complete. Go back and try again.',
  people: {
    desk: { name: 'Support desk', may: 'May see and change the factors of a user.' },
    lead: {
      name: 'Security lead',
      may: 'May do everything: also scans and reports, changes of the whole pool, and the history of users.',
    },
    reader: { name: 'Reader', may: 'May see the factors of a user, and change nothing.' },
  },
}

const CHINESE: Texts = {
  signIn: '登录沙盒',
  signInHint: '以下人员均为虚构，无需密码。请选择要试用的身份。',
  signInAgain: '重新登录',
  signedInSince: (name, time) => `${name} 已于 ${time} 登录。`,
  signInAgainHint: '此操作需要一次更新的、带第二因素的登录。沙盒会当作您已输入验证码。',
  signInAgainAs: name => `以“${name}”身份重新登录`,
  chooseAnother: '选择其他身份',
  signOut: '退出沙盒登录',
  signOutHint: '沙盒将不再记住此浏览器中的登录身份。',
  signedOut: '您已退出沙盒登录。',
  refused: '无法开始登录',
  badParameter: parameter => `参数 ${parameter} 缺失或不被沙盒接受。请打开您要使用的页面，并从那里登录。`,
  badForm: '该表单不是来自沙盒的页面，或不完整。请返回后重试。',
  people: {
    desk: { name: '支持人员', may: '可以查看和更改用户的认证因素。' },
    lead: {
      name: '安全负责人',
      may: '拥有全部权限：还可以扫描和查看报告、更改整个用户池的设置、查看用户的历史记录。',
    },
    reader: { name: '只读人员', may: '可以查看用户的认证因素，不能更改任何内容。' },
  },
}

/** All that the pages of the issuer say, by language. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en: ENGLISH, 'zh-CN': CHINESE }
