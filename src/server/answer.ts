/** What a request for an operation is answered with, all but what every answer has. */
export interface Answer {
  readonly httpStatus: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  return { httpStatus: status, headers: Object.fromEntries(headers), body: await response.text() }
}
