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
  refusedHelp:
    '您已在登录服务中登录，但服务器拒绝了令牌。本服务的运维人员需要核对 AUTH_ISSUER 和 AUTH_AUDIENCE 与此页面的客户端是否一致。',
}
