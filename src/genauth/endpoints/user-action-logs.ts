import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  type LoggedRow,
  MAX_PAGE_EVENTS,
  type UserEventPage,
  type UserEventQuery,
} from '../../history/history-upstream.ts'
import type { UserEvent, UserEventKind, UserEventType } from '../../history/user-event.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import { foldGenAuthId, type UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainFlag, plainNumber, plainText } from '../lenient.ts'
import { logTimeMs } from './log-time.ts'
import { nameUser } from './user-call.ts'

/** GenAuth's words. The letters of the last differ from those of the second. */
const WIRE_EVENT_TYPES: Readonly<Record<UserEventType, string>> = {
  VERIFICATION: 'verifyMfa',
  BINDING: 'bindMfa',
  UNBINDING: 'unbindMFA',
}

/** The form of ids that GenAuth gives to applications and requests. Anything else may be a text about a person. */
const plainId = plainText.pipe(z.string().regex(/^[\w.:-]{1,128}$/))

/**
 * The few fields of a row that say nothing about where, and on which device, a person was. The rest is dropped: address,
 * agent, place, name, picture, and the detail, which may hold an e-mail address.
 */
const rowSchema = z.object({
  userId: notNeeded(plainText),
  eventType: z.string(),
  success: plainFlag,
  timestamp: logTimeMs,
  appId: notNeeded(plainId),
  requestId: notNeeded(plainId),
  geoip: notNeeded(z.object({ country_code2: notNeeded(z.string().regex(/^[A-Z]{2}$/)) })),
})

type Row = z.infer<typeof rowSchema>

const pageSchema = z.object({
  totalCount: plainNumber.pipe(z.int32().min(0)),
  list: z.array(z.unknown()).max(MAX_PAGE_EVENTS),
})

/** Returns one page of what a user did with second factors, by `POST get-user-action-logs`. */
export function listUserEvents(
  makeCall: MakeCall,
  { userId, type, untilMs, page }: UserEventQuery,
): Promise<UpstreamResult<UserEventPage>> {
  const user: UserRef = { userId, userIdType: 'USER_ID' }
  return makeCall({
    kind: 'READ',
    method: 'POST',
    endpoint: 'get-user-action-logs',
    params: {
      userId,
      eventType: WIRE_EVENT_TYPES[type],
      ...(untilMs === null ? {} : { end: untilMs }),
      pagination: { page, limit: MAX_PAGE_EVENTS },
    },
    subject: nameUser(user).subject,
    data: pageSchema.transform(({ totalCount, list }): UserEventPage => {
      const rows = list.flatMap(record => {
        const parsed = rowSchema.safeParse(record)
        return parsed.success && isAbout(parsed.data, userId, type)
          ? [toLoggedRow(parsed.data, userId, type)]
          : []
      })
      return { rows, unreadable: list.length - rows.length, totalCount }
    }),
  })
}

/** A server that ignores a filter would show other people, or count one event as three. */
function isAbout({ userId, eventType }: Row, askedUserId: string, type: UserEventType): boolean {
  const isOfUser = userId == null || foldGenAuthId(userId) === foldGenAuthId(askedUserId)
  return isOfUser && eventType.toLowerCase() === WIRE_EVENT_TYPES[type].toLowerCase()
}

function toLoggedRow(row: Row, askedUserId: string, type: UserEventType): LoggedRow {
  const { timestamp: atMs, success } = row
  const kind = toKind(type, success)
  if (kind === null) return { atMs, event: null }
  const { appId: applicationId = null, requestId = null } = row
  const country = row.geoip?.country_code2 ?? null
  const facts = { atMs, kind, applicationId, country, requestId }
  return { atMs, event: { id: toEventId(askedUserId, facts), ...facts } }
}

function toKind(type: UserEventType, success: boolean): UserEventKind | null {
  switch (type) {
    case 'VERIFICATION':
      return success ? 'VERIFIED' : 'VERIFICATION_FAILED'
    case 'BINDING':
      return success ? 'BOUND' : null
    case 'UNBINDING':
      return success ? 'UNBOUND' : null
  }
}

/** Rows have no id of their own. One request may cause several events, so its id alone does not name one. */
function toEventId(userId: string, facts: Omit<UserEvent, 'id'>): string {
  const text = JSON.stringify([foldGenAuthId(userId), ...Object.values(facts)])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
