// A GenAuth that carries each write out some milliseconds after it arrived, even if its sender is dead by then. It
// keeps a list of the writes that it carried out.
import { createServer } from 'node:http'

const BEFORE = {
  mfaToken: 'token',
  mfaPhone: '13800000001',
  applicationMfa: [{ mfaPolicy: 'SMS', status: 1, sort: 0 }],
}
/** The time until a write is carried out, and then the time until its reply is sent. */
const DELAYS_MS = [0, 3, 8, 20]

export async function startKeepingWrites() {
  const writes = []
  const states = new Map()
  let requests = 0
  const nextDelay = () =>
    new Promise(resolve => setTimeout(resolve, DELAYS_MS[requests++ % DELAYS_MS.length]))

  async function answer(endpoint, params) {
    switch (endpoint) {
      case 'get-management-token': {
        const claims = Buffer.from(JSON.stringify({ scoped_userpool_id: 'pool' })).toString('base64url')
        return { access_token: `e30.${claims}.x`, expires_in: 7_200 }
      }
      case 'get-mfa-status':
        return states.get(params.userId) ?? BEFORE
      case 'set-mfa-status':
        await nextDelay()
        states.set(params.userId, params.mfaTriggerData)
        writes.push(params.userId)
        await nextDelay()
        return { success: true }
      default:
        return {}
    }
  }

  const server = createServer(async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url, 'http://localhost')
      let text = ''
      for await (const chunk of request) text += chunk
      const params = text === '' ? Object.fromEntries(searchParams) : JSON.parse(text)
      const data = await answer(pathname.replace('/api/v3/', ''), params)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ statusCode: 200, message: '', data }))
    } catch {
      // The sender died in the middle of its request.
      response.destroy()
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, writes }
}
