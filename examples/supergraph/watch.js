/**
 * Opens a subscription at a gateway, as a front end would.
 *
 * @returns the status, the media type, a function that returns the next result, and one that leaves
 */
export async function watch(url, token, query, variables = {}) {
  const leaving = new AbortController()
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...authorization },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  })
  const results = readResults(response)
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    next: async () => (await results.next()).value,
    leave: () => leaving.abort(),
  }
}

/** Yields each result of a stream, or the only result of any other response. */
async function* readResults(response) {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield JSON.parse(await response.text())
    return
  }
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = blocks.pop()
    for (const block of blocks) {
      const data = /^data: ?(\{.*)$/m.exec(block)?.[1]
      if (data !== undefined) yield JSON.parse(data)
    }
  }
}
