// A GenAuth that is always fast, and an issuer of callers' tokens, in a process of their own.
import { createServer } from 'node:http'
import process from 'node:process'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The delay is that of a service next door. With `hang`, writes are accepted and get no reply. */
const { delayMs, callers, hang } = JSON.parse(process.argv[2])
const AUDIENCE = 'bench'

const { publicKey, privateKey } = await generateKeyPair('ES256')
const jwks = JSON.stringify({
  keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }],
})
const state = {
  mfaToken: 'bench-token',
  mfaPhone: null,
  totpMfaEnabled: true,
  applicationMfa: [
    { mfaPolicy: 'SMS', status: 1, sort: 0 },
    { mfaPolicy: 'OTP', status: 1, sort: 1 },
  ],
}
const managementToken = await new SignJWT({ scoped_userpool_id: 'pool' })
  .setProtectedHeader({ alg: 'ES256' })
  .sign(privateKey)
const answers = {
  'get-management-token': { access_token: managementToken, expires_in: 7200 },
  'get-mfa-status': state,
  'set-mfa-status': { success: true },
  'get-user-mfa-info': { totpStatus: 'enabled', smsMfaStatus: 'enabled' },
}
const bodies = Object.fromEntries(
  Object.entries(answers).map(([endpoint, data]) => [
    endpoint,
    JSON.stringify({ statusCode: 200, message: '', data }),
  ]),
)

let faultShare = 0
process.on('message', message => {
  faultShare = message.faultShare
})
const FAULTS = [
  (request, _response) => request.socket.resetAndDestroy(),
  (_request, response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<html></html>'),
  (_request, response) => response.end('{"statusCode":500,"message":""}'),
  (request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"statusCode":')
    setTimeout(() => request.socket.destroy(), delayMs)
  },
  () => {},
]
let [calls, failed] = [0, 0]
/** Spreads the faults evenly over the calls, each the next way to fail. */
function nextFault() {
  calls++
  return failed < calls * faultShare ? FAULTS[failed++ % FAULTS.length] : null
}

const server = createServer((request, response) => {
  const endpoint = request.url.replace(/^\/api\/v3\//, '').replace(/\?.*/, '')
  request.resume()
  if (request.url === '/jwks') response.end(jwks)
  else if (hang && endpoint === 'set-mfa-status') process.send('hung')
  else {
    const fault = faultShare === 0 || endpoint === 'get-management-token' ? null : nextFault()
    setTimeout(() => (fault === null ? response.end(bodies[endpoint]) : fault(request, response)), delayMs)
  }
})
server.keepAliveTimeout = 60_000
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`

const tokens = await Promise.all(
  Array.from({ length: callers }, (_, caller) =>
    new SignJWT({ scope: 'mfa:read mfa:write', client_id: 'bench' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
      .setIssuer(url)
      .setAudience(AUDIENCE)
      .setSubject(`caller-${caller}`)
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(privateKey),
  ),
)
process.send({ url, audience: AUDIENCE, tokens })
process.once('disconnect', () => process.exit())
