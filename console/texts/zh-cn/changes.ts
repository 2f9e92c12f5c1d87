import type { ScreenTexts } from '../en-screens.ts'

export const changes: ScreenTexts['changes'] = {
  listLabel: '更改内容',
  nothing: '因素没有变化。',
  on: '开启',
  off: '关闭',
  order: sort => `，顺序 ${sort}`,
  absent: '不在列表中',
  becomes: '变为',
  warningsTitle: '警告',
  warningsUnread: '无法读取警告，因此可能有遗漏。',
  warnings: {
    LOCK_NOT_SHARED: '同一时刻可能有另一项更改，其中一项可能丢失。请重新查看。',
    LOOK_UP_FAILED: '无法读取绑定情况或用户池的设置，警告可能有遗漏。',
    SMS_WITHOUT_PHONE: '短信验证码已开启，但没有可接收验证码的手机号。',
    EMAIL_WITHOUT_EMAIL: '邮箱验证码已开启，但没有可接收验证码的邮箱。',
    NO_BOUND_FACTOR: '有因素已开启，但该用户一个也没有绑定。',
    LAST_FACTOR_REMOVED: '没有任何因素保持开启。',
    APPLICATION_FOLLOWS_POOL: '该应用遵循用户池的规则。在它有自己的规则之前，其自身的因素不起作用。',
    NO_POOL_FACTOR: '用户池没有开启本页面支持的任何因素。',
    USERS_WITHOUT_BOUND_FACTOR: '部分正常用户没有绑定任何因素，因此无法通过验证。',
    IDENTITY_SOURCES_NOT_SHOWN:
      'GenAuth 可以让某些身份源的用户跳过多因素认证。没有接口可以查出是哪些身份源。',
    FACTOR_DISABLED_GLOBALLY: '开启了一个已被整个用户池关闭的因素。',
  },
  usersWithoutBoundFactor: count =>
    `根据最近七天内的一次扫描，${count} 个正常用户没有绑定任何因素。他们必须先绑定才能通过认证。`,
  sending: '正在发送更改，结果尚不清楚。',
  preview: '预览',
  previewAgain: '重新预览',
  stepUpAgain:
    '您刚刚已重新登录，但仍不满足要求。请告知本服务的运维人员：登录服务可能不支持服务器要求的登录方式。',
  gone: {
    OTHER_PERSON: '您换了一个账号登录，因此原先等待的更改已丢弃，没有执行。',
    EXPIRED: '更改等待登录的时间超过了五分钟，已丢弃，没有执行。如果仍然需要，请重新开始。',
  },
  reason: '理由',
  reasonHelp: '理由会保留在记录中。请不要填写手机号或邮箱。',
  reasonAgain: '请重新输入理由，登录过程中没有保留。',
  reasonRequired: '此更改需要理由。',
  allowNoFactor: '允许该用户没有任何因素',
}
