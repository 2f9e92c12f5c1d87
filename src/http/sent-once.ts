import type { IncomingMessage } from 'node:http'

/**
 * Returns `true` if a header was sent no more than once. Node keeps the first of some headers and silently drops the
 * others. Another reader of the same request may keep the last.
 *
 * @param name in lower case
 */
export function isSentOnce({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): boolean {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? ''
    if (sent.length === name.length && sent.toLowerCase() === name) count++
  }
  return count <= 1
}
