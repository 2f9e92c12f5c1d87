import type { FailureTexts } from '../failure-texts.ts'

export const failures: FailureTexts = {
  inDoubt: {
    title: '无法确定更改是否已生效',
    explanation: '没有收到说明结果的响应。更改可能已生效，也可能没有。',
    nextStep: '请重新查看，看到当前状态后再决定。在此之前不要再次提交更改。',
  },
  partlyRefused: {
    title: 'GenAuth 拒绝了部分更改',
    explanation: 'GenAuth 无法为整个用户池关闭因素。在拒绝之前，可能已开启了一些因素。',
    nextStep: '请重新查看，其余部分请在 GenAuth 控制台中完成。',
  },
  later: { title: 'GenAuth 或本服务拒绝了请求', explanation: '', nextStep: '请按消息的说明操作。' },
  types: {
    MfaAmbiguousUserError: {
      title: '这可能是另一个用户',
      explanation: '该标识可能指向另一个用户。',
      nextStep: '请按用户 ID 或其他标识搜索。',
    },
    MfaApplicationNotFoundError: {
      title: '没有这个应用',
      explanation: 'GenAuth 中没有此 ID 的应用。',
      nextStep: '请从列表中选择其他应用。',
    },
    MfaChangeNotFoundError: {
      title: '没有这项更改',
      explanation: '本服务没有这项更改的记录。',
      nextStep: '请从该用户的历史中选择一项更改。',
    },
    MfaConflictError: {
      title: 'GenAuth 中保存的内容不同',
      explanation: '更改与 GenAuth 中保存的内容冲突。没有更改任何内容。',
      nextStep: '请重新查看，然后决定。',
    },
    MfaDuplicateUserError: {
      title: '该用户在列表中出现了两次',
      explanation: '列表中较早的一项是同一个用户。',
      nextStep: '请查看较早一项的结果。',
    },
    MfaFeatureOffError: {
      title: '本服务不保存这类记录',
      explanation: '扫描和历史需要存储，而本服务没有配置。',
      nextStep: '请联系本服务的运维人员。',
    },
    MfaInvalidInputError: {
      title: '输入的内容无效',
      explanation: '没有更改任何内容。',
      nextStep: '请更正下面指出的内容。',
    },
    MfaJobNotFoundError: {
      title: '没有这次扫描',
      explanation: '它可能已被删除。',
      nextStep: '请选择其他扫描，或开始一次新的扫描。',
    },
    MfaJobStateError: { title: '扫描已结束', explanation: '没有更改任何内容。', nextStep: '请重新查看。' },
    MfaNotAttemptedError: {
      title: '未尝试',
      explanation: '列表中较早的一个用户无法更改，因此没有处理该用户。',
      nextStep: '请先更正失败的一项，再提交其余各项。',
    },
    MfaNotRevertibleError: {
      title: '此更改无法撤销',
      explanation: '没有更改任何内容。',
      nextStep: '请查看该用户，并手动设置因素。',
    },
    MfaOperationRefusedError: {
      title: 'GenAuth 拒绝了请求',
      explanation: 'GenAuth 的规则不允许，或该用户已被锁定或停用。没有更改任何内容。',
      nextStep: '请在 GenAuth 中查看该用户。',
    },
    MfaPlanRequiredError: {
      title: 'GenAuth 的套餐不包含此功能',
      explanation: '没有更改任何内容。',
      nextStep: '请告知用户池的所有者，由其更改套餐。',
    },
    MfaPolicyUnavailableError: {
      title: '策略未设置',
      explanation: '无法使用 GenAuth，或它没有执行所确认的操作。',
      nextStep: '请查看策略，然后重试。',
    },
    MfaPolicyViolationError: {
      title: '本服务的规则不允许此更改',
      explanation: '没有更改任何内容。',
      nextStep: '请按规则操作。',
    },
    MfaPoolPolicyConflictError: {
      title: '您查看之后，策略已被更改',
      explanation: '其他人更改了策略。您的更改没有执行。',
      nextStep: '请查看当前策略，并重新预览。',
    },
    MfaRateLimitedError: {
      title: '请求过多',
      explanation: '已达到限制。没有更改任何内容。',
      nextStep: '请等待，然后重试。',
    },
    MfaRevisionConflictError: {
      title: '您查看之后，其他人更改了该用户',
      explanation: '您的更改没有执行。',
      nextStep: '请查看当前状态，并重新预览。',
    },
    MfaStepUpRequiredError: {
      title: '此更改需要重新登录',
      explanation: '它会削弱该用户的保护，或改变验证方式的去向。没有更改任何内容。',
      nextStep: '请重新登录。更改会以预览形式恢复，您需要再次填写理由。',
    },
    MfaUpstreamForbiddenError: {
      title: '本服务在 GenAuth 中没有此权限',
      explanation: '其访问密钥缺少权限。没有更改任何内容。',
      nextStep: '请告知本服务的运维人员，由其授予权限。',
    },
    MfaUpstreamUnavailableError: {
      title: '无法使用 GenAuth',
      explanation: '无法连接，或其回复无法读取。没有更改任何内容。',
      nextStep: '请稍后重试。',
    },
    MfaUserNotFoundError: {
      title: 'GenAuth 中没有此标识的用户',
      explanation: '该用户可能已被删除，或标识有误。',
      nextStep: '请使用其他标识或姓名的一部分搜索。',
    },
  },
  requests: {
    SIGN_IN: {
      title: '您的登录已结束',
      explanation: '服务器不再接受它。没有执行任何操作。',
      nextStep: '请重新登录。之后您会回到此页面。',
    },
    ISSUER_DOWN: {
      title: '目前无法验证您的登录',
      explanation: '服务器无法取得登录服务的密钥。没有执行任何操作。',
      nextStep: '请稍后重试。',
    },
    MISSING_RIGHT: {
      title: '您没有此权限',
      explanation: '您的登录缺少权限。没有执行任何操作。',
      nextStep: '请查看“我有哪些权限？”，并联系授予权限的人员。',
    },
    TOO_SLOW: { title: '耗时过长', explanation: '请求的时间已用完。', nextStep: '请重试。' },
    OVERLOADED: { title: '服务器繁忙', explanation: '没有执行任何操作。', nextStep: '请稍后重试。' },
    RATE_LIMITED: {
      title: '请求过多',
      explanation: '已达到限制。没有执行任何操作。',
      nextStep: '请等待，然后重试。',
    },
    TOO_MANY_STREAMS: {
      title: '打开的页面过多',
      explanation: '您在过多的标签页中接收实时更新。',
      nextStep: '请关闭其中一个，然后重试。',
    },
    TOO_MUCH: {
      title: '一次请求的内容过多',
      explanation: '没有执行任何操作。',
      nextStep: '请选择较少的用户。',
    },
    OTHER_VERSION: {
      title: '此页面与服务器的版本不同',
      explanation: '服务器无法识别此页面的请求，或此页面无法识别服务器的响应。没有执行任何操作。',
      nextStep: '请重新加载页面。如果问题仍然存在，请告知本服务的运维人员。',
    },
    NO_RECORD: {
      title: '目前无法记录更改',
      explanation: '没有记录就不会更改任何内容。读取仍可使用。',
      nextStep: '请稍后重试。',
    },
    NO_STORE: {
      title: '目前无法使用扫描的存储',
      explanation: '其他功能仍可使用。',
      nextStep: '请稍后重试。',
    },
    FEATURE_OFF: {
      title: '本服务不保存这类记录',
      explanation: '扫描和历史需要存储，而本服务没有配置。',
      nextStep: '请联系本服务的运维人员。',
    },
    NOT_FOUND: { title: '没有此内容', explanation: '它可能已被删除。', nextStep: '请选择其他内容。' },
    NO_USER: {
      title: 'GenAuth 中没有此标识的用户',
      explanation: '该用户可能已被删除。',
      nextStep: '请重新搜索该用户。',
    },
    NO_APPLICATION: {
      title: '没有这个应用',
      explanation: 'GenAuth 中没有此 ID 的应用。',
      nextStep: '请从列表中选择其他应用。',
    },
    INVALID_INPUT: {
      title: '输入的内容无效',
      explanation: '没有执行任何操作。',
      nextStep: '请更正输入。',
    },
    AMBIGUOUS_USER: {
      title: '这可能是另一个用户',
      explanation: '该标识可能指向另一个用户。',
      nextStep: '请按用户 ID 或其他标识搜索。',
    },
    PLAN_REQUIRED: {
      title: 'GenAuth 的套餐不包含此功能',
      explanation: '无法读取这一部分。',
      nextStep: '请告知用户池的所有者，由其更改套餐。',
    },
    GENAUTH_FORBIDS: {
      title: '本服务在 GenAuth 中无权读取',
      explanation: '其访问密钥缺少权限。',
      nextStep: '请告知本服务的运维人员，由其授予权限。',
    },
    GENAUTH_REFUSES: {
      title: 'GenAuth 拒绝了请求',
      explanation: 'GenAuth 的规则不允许，或该用户已被锁定或停用。',
      nextStep: '请在 GenAuth 中查看该用户。',
    },
    GENAUTH_DOWN: {
      title: '无法使用 GenAuth',
      explanation: '无法读取这一部分。页面的其余内容有效。',
      nextStep: '请稍后重新查看。',
    },
    FAULT: {
      title: '服务器出现故障',
      explanation: '这不是您造成的。',
      nextStep: '请重试。如果问题仍然存在，请将请求 ID 告知本服务的运维人员。',
    },
    NETWORK: {
      title: '无法连接服务器',
      explanation: '网络可能中断，或此页面与服务器之间的设备代为应答。',
      nextStep: '请在连接恢复后重试。',
    },
  },
  rules: {
    CALLER_UNKNOWN: '服务器无法确定您是否在更改自己的保护。',
    NO_FACTOR: '此更改会使所有因素关闭，而您没有这样要求。',
    OWN_USER: '您不能削弱自己的保护，也不能改变其去向。',
    PROTECTED_USER: '该用户受保护：任何人都不能在这里削弱其因素。',
    REASON_REQUIRED: '这类更改需要理由。',
  },
  ruleSteps: {
    CALLER_UNKNOWN: '请告知本服务的运维人员：AUTH_USER_ID_CLAIM 必须指向您的 GenAuth ID。',
    NO_FACTOR: '请保留一个已开启的因素，或确认允许该用户没有任何因素。',
    OWN_USER: '请让同事进行此更改。',
    PROTECTED_USER: '请先让本服务的运维人员解除保护。',
    REASON_REQUIRED: '请输入理由，然后重新预览。',
  },
  whys: {
    CONTACTS_CHANGED: '该更改设置了手机号或邮箱，而这些不会被记录。',
    NOT_APPLIED: '该更改从未生效。',
    NO_MFA_TOKEN: 'GenAuth 中没有该用户的 MFA 令牌，而更改需要该令牌。',
    OUTCOME_UNKNOWN: '无法确定更改是否已生效。',
    STATE_BEFORE_UNKNOWN: '没有更改之前状态的记录。',
  },
  origins: {
    GENAUTH: 'GenAuth 已达到此用户池的限制。没有更改任何内容。',
    LAYER: '您已达到本服务对您的限制。没有更改任何内容。',
  },
}
