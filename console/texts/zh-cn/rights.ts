import type { ScreenTexts } from '../en-screens.ts'

export const rights: ScreenTexts['rights'] = {
  title: '我有哪些权限？',
  lead: '服务器根据您的登录信息判断权限。防护规则仍可能拒绝更改。',
  who: '您的登录',
  name: '名称',
  subject: '登录服务中的用户标识',
  signedInAt: '登录时间',
  noSignedInAt: '登录服务未说明',
  endsAt: '结束时间',
  noEnd: '登录服务未说明',
  scopes: '本服务支持的权限范围',
  noScopes: '无',
  rights: '您的权限',
  right: '权限',
  allowed: '允许',
  kinds: {
    mayRead: '查找用户并查看其认证因素',
    mayWrite: '更改用户的认证因素',
    mayReport: '扫描没有认证因素的用户，并查看统计数字',
    maySetPolicy: '更改用户池和应用的认证因素',
    maySeeHistory: '查看用户的历史：操作人和更改内容',
  },
  howToGet: '如果缺少权限，请联系在登录服务中授予权限的人员。',
  limits: '您的限制',
  noLimits: '本服务对您没有限制。',
  limit: '限制',
  left: '剩余',
  window: '时间窗口',
  resetsAt: '全部恢复时间',
  leftOf: (left, limit) => `${left} / ${limit}`,
  nothingUsed: '尚未使用',
  windowOf: seconds =>
    seconds % 3_600 === 0
      ? `${seconds / 3_600} 小时`
      : seconds % 60 === 0
        ? `${seconds / 60} 分钟`
        : `${seconds} 秒`,
  limitKinds: {
    READS: '读取：每显示一个用户计一次',
    WRITES: '更改：每更改一个用户计一次',
    WEAKENINGS: '削弱用户保护的更改',
    MISSES: '没有找到任何用户的搜索和标识',
    POLICY: '为用户池或应用关闭因素',
  },
  limitsHelp: '服务器在一个时间窗口内计数。窗口结束之前不会恢复任何部分。',
}
