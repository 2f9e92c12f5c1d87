import { Pool } from 'undici'
import { z } from 'zod'

/** The calls of the peers: those of this server, by the same client, without its care. */

const pool = new Pool(process.env['UPSTREAM_URL'] ?? '', { connections: 64 })
const HEADERS = { accept: 'application/json', authorization: 'Bearer made-up' }

const triggerDataSchema = z.object({
  mfaToken: z.string(),
  applicationMfa: z.array(z.object({ mfaPolicy: z.string(), status: z.number(), sort: z.number() })),
})
const statusSchema = z.object({ statusCode: z.literal(200), data: z.looseObject(triggerDataSchema.shape) })
const setSchema = z.object({ statusCode: z.literal(200), data: z.object({ success: z.literal(true) }) })

export type TriggerData = z.infer<typeof statusSchema>['data']

export async function getMfaStatus(userId: string): Promise<TriggerData> {
  const { body } = await pool.request({
    method: 'GET',
    path: `/api/v3/get-mfa-status?${new URLSearchParams({ userId, userIdType: 'user_id' })}`,
    headers: HEADERS,
  })
  return statusSchema.parse(await body.json()).data
}

export async function setMfaStatus(userId: string, mfaTriggerData: object): Promise<void> {
  const { body } = await pool.request({
    method: 'POST',
    path: '/api/v3/set-mfa-status',
    headers: { ...HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, userIdType: 'user_id', mfaTriggerData }),
  })
  setSchema.parse(await body.json())
}
