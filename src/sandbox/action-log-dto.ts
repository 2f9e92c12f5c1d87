import type { ActionEventType, ActionLog } from './action-logs.ts'
import type { SandboxApplication } from './applications.ts'
import type { Users } from './users.ts'

const OFFSET_MS = 8 * 3_600_000
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const DETAILS: Readonly<Partial<Record<ActionEventType, string>>> = {
  bindMfa: '绑定 MFA',
  unbindMFA: '解绑 MFA',
  verifyMfa: '验证 MFA',
}

/**
 * Returns a log as the API shows it, with all that it says about people: the detail holds an address, as GenAuth's
 * samples do.
 */
export function toActionLogDto(
  { userId, eventType, isSuccess, appId, atMs, requestId }: ActionLog,
  clientIp: string,
  users: Users,
  applications: readonly SandboxApplication[],
): Record<string, unknown> {
  const user = users.find(userId)
  const application = applications.find(one => one.appId === appId)
  return {
    userId,
    userAvatar: '',
    userDisplayName: user?.nickname ?? user?.username ?? userId,
    userLoginsCount: 1,
    appId,
    appName: application?.name ?? '',
    clientIp,
    eventType,
    eventDetail: `${DETAILS[eventType] ?? eventType}，登录账户「 ${user?.email ?? userId} 」`,
    success: isSuccess,
    appLoginUrl: application === undefined ? '' : `https://${application.identifier}.example.com`,
    appLogo: '',
    userAgent: USER_AGENT,
    // One document has `browser` in place of `name`.
    parsedUserAgent: { device: 'PC', name: 'Firefox', browser: 'Firefox', os: 'Linux' },
    geoip: {
      location: { lon: 116.4, lat: 39.9 },
      country_name: 'China',
      country_code2: 'CN',
      country_code3: 'CHN',
      region_name: 'Beijing',
      region_code: 'BJ',
      city_name: 'Beijing',
      continent_code: 'AS',
      timezone: 'Asia/Shanghai',
    },
    timestamp: toLogTime(atMs),
    requestId,
  }
}

/** Returns a time as GenAuth's samples write it, with an offset that has no colon: `2022-09-20T08:55:00.188+0800`. */
function toLogTime(atMs: number): string {
  return new Date(atMs + OFFSET_MS).toISOString().replace('Z', '+0800')
}
