/** What a request for an operation is answered with, all but what every answer has. */
export interface Answer {
  readonly httpStatus: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What of an answer depends on its result. How it is framed and stored is said for every answer alike. */
const OF_THE_RESULT = ['content-type', 'allow'] as const

/** Reads what Yoga made of a result; whole, since none has more than one part. */
export async function readAnswer(response: Response): Promise<Answer> {
  const headers: Record<string, string> = {}
  for (const name of OF_THE_RESULT) {
    const value = response.headers.get(name)
    if (value !== null) headers[name] = value
  }
  return { httpStatus: response.status, headers, body: await response.text() }
}
