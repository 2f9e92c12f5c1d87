import { z } from 'zod/mini'

const exampleSchema = z.object({ query: z.string(), variables: z.string() })

const settingsSchema = z.object({
  /** Ready tabs of a first visit. `variables` is JSON text. */
  examples: z.array(exampleSchema),
  /** The selections of the introspection query. A server that runs only trusted documents knows exactly this one. */
  introspection: z.object({ schemaDescription: z.boolean(), inputValueDeprecation: z.boolean() }),
  /** `null` if a real GenAuth is behind the server, or if the page was requested under another name than loopback. */
  sandbox: z.nullable(
    z.object({
      /** A bearer token for each role. */
      tokens: z.record(z.string(), z.string()),
      users: z.array(z.object({ id: z.string(), name: z.string(), about: z.string() })),
    }),
  ),
})

export type Settings = z.infer<typeof settingsSchema>
export type Sandbox = NonNullable<Settings['sandbox']>

/**
 * Reads the settings that the server wrote into a page.
 *
 * @throws Error if the page holds no settings, or others than this version writes
 */
export function readSettings(page: Document): Settings {
  const text = page.getElementById('settings')?.textContent
  if (text == null) throw new Error('The page holds no settings')
  return settingsSchema.parse(JSON.parse(text))
}
