import type { Texts } from '../en.ts'

export const signIn: Texts['signIn'] = {
  title: '登录',
  lead: '此页面供协助用户处理多因素认证的人员使用。',
  button: '登录',
  leaving: '正在前往登录…',
  signedOut: '您已退出登录。',
  notStarted: '此页面无法启动',
  faults: {
    ISSUER_UNREACHABLE: '此浏览器无法连接登录服务。请稍后重试。',
    ISSUER_REFUSED: '登录服务拒绝了登录。请重试，或告知本服务的运维人员。',
    STALE_RETURN: '此登录属于另一个标签页，或已被使用。请重新登录。',
    OPEN_WIRE: '登录服务没有 https 地址。本服务的运维人员需要更正 AUTH_ISSUER。',
    NO_CRYPTO: '浏览器只能通过 https 或在本机登录。请使用 https 地址打开此页面。',
  },
  code: code => `登录服务返回：${code}`,
  refused: '服务器不接受此登录',
  refusals: {
    REFUSED:
      '服务器拒绝了登录服务签发的令牌，但没有向此页面说明原因。请重新登录。如果再次被拒绝，请告知本服务的运维人员：AUTH_ISSUER 或 AUTH_AUDIENCE 可能与此页面的客户端不一致，debug 级别的日志中有原因。',
    NO_TOKEN: '服务器没有在请求中收到令牌。请告知本服务的运维人员：代理可能移除了 Authorization 请求头。',
  },
}
