import type { ScreenTexts } from '../en-screens.ts'

export const rights: ScreenTexts['rights'] = {
  title: '我有哪些权限？',
  lead: '服务器根据您的登录判断。保护规则仍可能拒绝更改。',
  who: '您的登录',
  name: '名称',
  subject: '登录服务中的主体',
  signedInAt: '登录时间',
  noSignedInAt: '登录服务未说明',
  endsAt: '结束时间',
  noEnd: '登录服务未说明',
  scopes: '本服务认识的权限范围',
  noScopes: '无',
  rights: '您的权限',
  right: '权限',
  allowed: '允许',
  kinds: {
    mayRead: '查找人员并查看其认证因素',
    mayWrite: '更改人员的认证因素',
    mayReport: '扫描谁没有认证因素，并查看数字',
    maySetPolicy: '更改用户池和应用的认证因素',
    maySeeHistory: '查看谁为某人更改了什么',
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
    READS: '读取：显示人员的每一处',
    WRITES: '更改：每个要更改的人员',
    WEAKENINGS: '削弱人员保护的更改',
    MISSES: '没有找到任何人的搜索和标识',
    POLICY: '为用户池或应用关闭因素',
  },
  limitsHelp: '服务器在一个时间窗口内计数。窗口结束之前不会恢复任何部分。',
}
