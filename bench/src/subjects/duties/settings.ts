import { z } from 'zod'

/** The variables of a peer with duties, which have the names of this server's. */
export const settings = z
  .object({
    PORT: z.coerce.number(),
    METRICS_PORT: z.coerce.number(),
    AUDIT_LOG: z.string(),
    AUTH_JWKS_URL: z.url(),
    AUTH_ISSUER: z.string(),
    AUTH_AUDIENCE: z.string(),
    RATE_LIMITS: z
      .string()
      .transform(text => Object.fromEntries(text.split(',').map(part => part.split('='))))
      .pipe(z.object({ reads: z.coerce.number(), writes: z.coerce.number(), weakenings: z.coerce.number() })),
  })
  .parse(process.env)
