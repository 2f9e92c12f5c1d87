import type { Texts } from '../en.ts'

export const changes: Texts['changes'] = {
  listLabel: '更改内容',
  nothing: '因素没有变化。',
  on: '开启',
  off: '关闭',
  order: sort => `，次序 ${sort}`,
  absent: '不在列表中',
  becomes: '变为',
  warningsTitle: '警告',
  warningsUnread: '无法读取警告，因此可能有遗漏。',
  warnings: {
    LOCK_NOT_SHARED: '同一时刻可能有另一项更改，其中一项可能丢失。请重新查看。',
    LOOK_UP_FAILED: '无法读取绑定情况或用户池的设置，警告可能有遗漏。',
    SMS_WITHOUT_PHONE: '短信已开启，但没有可接收验证码的手机号。',
    EMAIL_WITHOUT_EMAIL: '电子邮件已开启，但没有可接收验证码的邮箱。',
    NO_BOUND_FACTOR: '有因素已开启，但该人员一个也没有绑定。',
    LAST_FACTOR_REMOVED: '没有任何因素保持开启。',
    APPLICATION_FOLLOWS_POOL: '该应用沿用用户池的规则，其自身的规则不起作用。',
    NO_POOL_FACTOR: '整个用户池没有开启任何因素。',
    USERS_WITHOUT_BOUND_FACTOR: '部分正常用户没有绑定任何因素，因此无法通过验证。',
    IDENTITY_SOURCES_NOT_SHOWN: '对于来自身份源的人员，GenAuth 可能跳过验证。',
    FACTOR_DISABLED_GLOBALLY: '有一个已开启的因素被整个用户池关闭。',
  },
  reason: '理由',
  reasonHelp: '理由会保留在记录中。请不要填写手机号或邮箱。',
  allowNoFactor: '让该人员没有任何因素',
}
