import type { FactorType, UserState } from '../user/user-state.ts'

/** The factors that this version can switch, in the order in which new ones are shown. */
export const FACTOR_TYPES = ['OTP', 'SMS', 'EMAIL', 'FACE'] as const satisfies readonly FactorType[]

export interface DraftFactor {
  readonly type: FactorType
  readonly isOn: boolean
  /** `false` if GenAuth does not list it for the person. */
  readonly isListed: boolean
}

/** The factors of a person as somebody wants them, in order. */
export type Draft = readonly DraftFactor[]

/** The difference that somebody wants. `order` has the factors that are to be listed, or is `null` if the order stays. */
export interface Wish {
  readonly enable: readonly FactorType[]
  readonly disable: readonly FactorType[]
  readonly order: readonly FactorType[] | null
}

export const NO_WISH: Wish = { enable: [], disable: [], order: null }

/** Returns the factors of a state, with a wish laid over them. */
export function toDraft({ factors }: Pick<UserState, 'factors'>, { enable, disable, order }: Wish): Draft {
  const listed = factors.flatMap(({ type, enabled }) =>
    type === null ? [] : [{ type, isOn: enabled, isListed: true }],
  )
  const others = FACTOR_TYPES.filter(type => listed.every(factor => factor.type !== type)).map(type => ({
    type,
    isOn: false,
    isListed: false,
  }))
  const draft = [...listed, ...others].map(factor => ({
    ...factor,
    isOn: (factor.isOn || enable.includes(factor.type)) && !disable.includes(factor.type),
  }))
  if (order === null) return draft
  const place = (type: FactorType) => (order.includes(type) ? order.indexOf(type) : order.length)
  return draft.toSorted((a, b) => place(a.type) - place(b.type))
}

/** Returns what a draft changes in a state. */
export function toWish(state: Pick<UserState, 'factors'>, draft: Draft): Wish {
  const before = toDraft(state, NO_WISH)
  const wasOn = (type: FactorType) => before.some(factor => factor.type === type && factor.isOn)
  const wanted = draft.filter(({ isListed, isOn }) => isListed || isOn).map(({ type }) => type)
  // The server puts a factor that is newly on behind the others.
  const byItself = toDraft(state, NO_WISH)
    .filter(({ type }) => wanted.includes(type))
    .map(({ type }) => type)
  return {
    enable: draft.filter(({ type, isOn }) => isOn && !wasOn(type)).map(({ type }) => type),
    disable: draft.filter(({ type, isOn }) => !isOn && wasOn(type)).map(({ type }) => type),
    order: wanted.every((type, index) => type === byItself[index]) ? null : wanted,
  }
}

export function isEmpty({ enable, disable, order }: Wish): boolean {
  return enable.length === 0 && disable.length === 0 && order === null
}

/** Moves a factor by one place. Returns the same draft if it is at the end already. */
export function move(draft: Draft, type: FactorType, step: -1 | 1): Draft {
  const from = draft.findIndex(factor => factor.type === type)
  const [moved, other] = [draft[from], draft[from + step]]
  if (moved === undefined || other === undefined) return draft
  return draft.map(factor => (factor === moved ? other : factor === other ? moved : factor))
}

/** Returns the wish of a change that was kept over a sign-in. Factors that this version does not know are left out. */
export function toKeptWish(kept: {
  readonly enable: readonly string[]
  readonly disable: readonly string[]
  readonly order: readonly string[] | null
}): Wish {
  const known = (types: readonly string[]) => FACTOR_TYPES.filter(type => types.includes(type))
  const order = kept.order?.flatMap(type => known([type])) ?? null
  return { enable: known(kept.enable), disable: known(kept.disable), order }
}
