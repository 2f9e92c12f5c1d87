import { createHash } from 'node:crypto'
import { Html, html } from './html.ts'
import type { IssuedResponse } from './issued-response.ts'
import type { Language } from './language.ts'

/** System colours and fonts, so that dark and forced colours need nothing more. */
const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0 }
main { max-width: 34rem; margin: 0 auto; padding: 2rem 1rem }
h1 { font-size: 1.5rem }
ul { list-style: none; padding: 0 }
li { margin: 0 0 1.5rem }
p { margin: .5rem 0 1rem; overflow-wrap: anywhere }
a { color: inherit }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1rem; width: 100%; text-align: start }`

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

export interface PageOptions {
  readonly status: number
  readonly language: Language
  readonly title: string
  readonly content: Html
  /** The address to which the form's response sends the browser. `null` if to none. */
  readonly returnsTo: string | null
}

/**
 * Returns a page of the issuer. It loads nothing, runs no script and stands in no frame.
 *
 * Its form may be sent to the sandbox, and only on to the page that asked: browsers hold the policy against redirects,
 * too.
 */
export function toPageResponse({ status, language, title, content, returnsTo }: PageOptions): IssuedResponse {
  const formTargets = ["'self'", ...(returnsTo === null ? [] : [toFormTarget(returnsTo)])]
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${STYLE_HASH}`,
        `form-action ${formTargets.join(' ')}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'content-language': language,
      vary: 'accept-language, cookie',
      // With `no-referrer` a browser would send the form without its origin.
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>\n${toDocument(language, title, content).text}\n`,
  }
}

function toDocument(language: Language, title: string, content: Html): Html {
  return html`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>`
}

/** A policy cannot name a host that is an IPv6 address. */
function toFormTarget(uri: string): string {
  const { origin, protocol, hostname } = new URL(uri)
  return hostname.startsWith('[') ? protocol : origin
}
