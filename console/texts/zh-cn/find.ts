import type { Texts } from '../en.ts'

export const find: Texts['find'] = {
  title: '查找用户',
  label: '姓名、邮箱、手机号或用户名',
  labelExact: kind => kind,
  kindLabel: '搜索方式',
  kinds: {
    ANY: '部分内容',
    USER_ID: '完整的用户 ID',
    EMAIL: '完整的邮箱',
    PHONE: '完整的手机号',
    USERNAME: '完整的用户名',
    EXTERNAL_ID: '完整的外部 ID',
  },
  button: '查找',
  help: '输入姓名的一部分，然后按回车键。方向键可在结果中移动。',
  emptyTitle: '搜索之前不显示任何用户',
  emptyHelp:
    '姓名、手机号或邮箱的一部分就足够。如果您知道完整的标识，请选择对应方式：GenAuth 只会查找这一个用户。',
  found: count => `找到 ${count} 个用户`,
  more: count => `仅显示前 ${count} 个用户，还有更多。请输入更完整的姓名。`,
  nobodyTitle: '没有找到任何用户',
  nobodyHelp: '搜索会匹配 GenAuth 中保存的姓名、手机号和邮箱的一部分。请尝试其他部分，或使用完整的标识。',
  columns: {
    name: '姓名',
    username: '用户名',
    email: '邮箱',
    phone: '手机号',
    status: '状态',
    lastMfaAt: '最近一次多因素认证',
  },
  noName: '无姓名',
  tooShort: '请至少输入 2 个字符。',
}
