/** Features of browsers that the page does not use, and no code in it may use. */
const UNUSED_FEATURES = [
  'accelerometer',
  'camera',
  'display-capture',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
]

/**
 * Returns the headers of the page. It runs its own code and styles, and connects to this server and to the issuer. No
 * text becomes code or HTML: no script is inline, and no trusted type can be made.
 *
 * @param issuer the URL of the issuer
 * @param tokenOrigin the origin of its token endpoint. `null` stands for that of the issuer
 */
export function toConsoleHeaders(
  issuer: string,
  tokenOrigin: string | null,
): Readonly<Record<string, string>> {
  const issuerOrigins = new Set([new URL(issuer).origin, ...(tokenOrigin === null ? [] : [tokenOrigin])])
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${[...issuerOrigins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': UNUSED_FEATURES.map(feature => `${feature}=()`).join(', '),
  }
}
