import type { ServerResponse } from 'node:http'
import { type FakeGenAuth, failing, ok, type Reply, startFakeGenAuth } from './fake-genauth.ts'

/** The ways in which GenAuth may treat the two writes that switch factors of the pool. It is not documented which it is. */
export const POOL_VARIANTS = [
  'adds',
  'replaces',
  'ignores',
  'fails on the second write',
  'loses the answer',
  'has no disable call',
] as const

export type PoolVariant = (typeof POOL_VARIANTS)[number]

/** A GenAuth with the factors of one pool, and a book of the states that it went through. */
export interface PoolGenAuth extends FakeGenAuth {
  /** The codes that are on, sorted. */
  factors(): string[]
  /** Begins again with these codes on, and from now on treats writes in this way. */
  begin(codes: readonly string[], variant?: PoolVariant): void
  /** Every state since then, sorted codes each. The first is the one it began with. */
  readonly states: readonly string[][]
}

/** Returns a reply of a server before GenAuth, which does not know the address of the call. */
export const MISSING_CALL: Reply = { status: 404, body: '<html>no such page</html>' }

export async function startPoolGenAuth(): Promise<PoolGenAuth> {
  const genauth = await startFakeGenAuth()
  const states: string[][] = []
  let on = new Set<string>()

  function become(codes: readonly string[]): void {
    on = new Set(codes)
    states.push([...on].sort())
  }

  const send = (response: ServerResponse, reply: { readonly status?: number; readonly body: unknown }) => {
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(reply.body))
  }
  const confirm = (response: ServerResponse) => send(response, ok({ enabledFactors: [...on] }))

  function writing(change: (codes: readonly string[]) => string[], isAnswered: boolean, key: string): Reply {
    return (response, _request, params) => {
      become(change(params[key]))
      if (isAnswered) confirm(response)
      else response.destroy()
    }
  }

  return Object.assign(genauth, {
    states,
    factors: () => [...on].sort(),
    begin(codes: readonly string[], variant: PoolVariant = 'adds') {
      genauth.reset()
      states.length = 0
      become(codes)
      const isAnswered = variant !== 'loses the answer'
      const add = (more: readonly string[]) =>
        variant === 'replaces' ? [...more] : variant === 'ignores' ? [...on] : [...on, ...more]
      const remove = (less: readonly string[]) =>
        variant === 'ignores' ? [...on] : [...on].filter(code => !less.includes(code))
      const disable: Partial<Record<PoolVariant, Reply>> = {
        'fails on the second write': failing(500),
        'has no disable call': MISSING_CALL,
      }
      genauth.reply('get-global-mfa-settings', confirm)
      genauth.reply('update-global-mfa-settings', writing(add, isAnswered, 'enabledFactors'))
      genauth.reply(
        'disable-global-mfa-settings',
        disable[variant] ?? writing(remove, isAnswered, 'disableFactors'),
      )
    },
  })
}
