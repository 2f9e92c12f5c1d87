import type { IncomingMessage } from 'node:http'
import type { Authentication } from './authentication.ts'
import { createExpiringValues } from './expiring-values.ts'
import { PATHS } from './paths.ts'

/** As long as the tokens that are given without a sign-in. */
const LIFETIME_MS = 8 * 60 * 60 * 1000
const MAX_SESSIONS = 1_000

export interface SessionCookie {
  /** Returns the sign-in of a browser, or `undefined` if nobody is signed in. */
  read(request: IncomingMessage): Authentication | undefined
  /** Ends the session of a browser, begins another, and returns its cookie. */
  begin(request: IncomingMessage, authentication: Authentication): string
  /** Ends the session of a browser, and returns the cookie that removes its own. */
  end(request: IncomingMessage): string
}

/**
 * Keeps who is signed in at the issuer. The browser has a secret alone, which no script reads. Each sign-in has a new
 * one, so that nobody plants theirs.
 */
export function createSessionCookie(options: {
  readonly getUrl: () => string
  readonly now: () => number
}): SessionCookie {
  const sessions = createExpiringValues<Authentication>({
    lifetimeMs: LIFETIME_MS,
    maxCount: MAX_SESSIONS,
    now: options.now,
  })
  // Browsers keep cookies apart by host, not by port. Another sandbox must not take over this one's.
  const getName = (): string => `sandbox-session-${new URL(options.getUrl()).port}`

  function readSecret({ headers: { cookie = '' } }: IncomingMessage): string {
    const start = `${getName()}=`
    const found = cookie
      .split(';')
      .map(one => one.trim())
      .find(one => one.startsWith(start))
    return found?.slice(start.length) ?? ''
  }

  function toCookie(secret: string, further = ''): string {
    return `${getName()}=${secret}; Path=${PATHS.issuer}; HttpOnly; SameSite=Lax${further}`
  }

  return {
    read: request => sessions.get(readSecret(request)),
    begin(request, authentication) {
      sessions.take(readSecret(request))
      return toCookie(sessions.add(authentication))
    },
    end(request) {
      sessions.take(readSecret(request))
      return toCookie('', '; Max-Age=0')
    },
  }
}
