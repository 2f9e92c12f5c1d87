import type { ConsoleConfig } from './read-config.ts'
import {
  leaveForSignIn,
  leaveForSignOut,
  type SignedIn,
  type SignInFault,
  type SignInWish,
} from './sign-in.ts'
import { keepWaiting, type Waiting } from './waiting.ts'

/**
 * Whether the person can go on. `ENDING` has less than a minute left. `REFUSED`: the server has refused the token, and
 * never accepted it. `NO_TOKEN`: the token never reached the server.
 */
export type SessionState = 'GOOD' | 'ENDING' | 'ENDED' | 'REFUSED' | 'NO_TOKEN' | 'SIGNED_OUT'

export interface SessionOptions {
  readonly config: ConsoleConfig
  readonly signedIn: SignedIn
  /** Returns the language for the issuer's pages. */
  readonly locale: () => string
  readonly now?: () => number
}

/** If the server refuses a token this soon, another one may be refused, too. So the page asks for none by itself. */
const FRESH_MS = 60_000
const ENDING_MS = 60_000

/** One sign-in of a person. It holds the token, and knows when it ends. */
export class Session {
  readonly config: ConsoleConfig
  readonly #signedIn: SignedIn
  readonly #locale: () => string
  readonly #now: () => number
  readonly #beganAtMs: number
  readonly #listeners = new Set<() => void>()
  readonly #wishes = new Set<() => Waiting | null>()
  #holds = 0
  #drafts = 0
  #isLeaving = false
  #wasAccepted = false
  #refusal: 'ENDED' | 'REFUSED' | 'NO_TOKEN' | null = null
  #isSignedOut = false
  #fault: SignInFault | null = null

  constructor({ config, signedIn, locale, now = Date.now }: SessionOptions) {
    this.config = config
    this.#signedIn = signedIn
    this.#locale = locale
    this.#now = now
    this.#beganAtMs = now()
    this.#watchEnd()
  }

  get name(): string | null {
    return this.#signedIn.name
  }

  get subject(): string {
    return this.#signedIn.subject
  }

  /** `true` if a change demanded this sign-in. `false` after a return without a new sign-in. */
  get isStepUp(): boolean {
    return this.#signedIn.isStepUp
  }

  get expiresAtMs(): number | null {
    return this.#signedIn.expiresAtMs
  }

  /** The fault of the last attempt to sign in again. */
  get fault(): SignInFault | null {
    return this.#fault
  }

  get state(): SessionState {
    if (this.#isSignedOut) return 'SIGNED_OUT'
    if (this.#refusal !== null) return this.#refusal
    const leftMs = (this.expiresAtMs ?? Number.POSITIVE_INFINITY) - this.#now()
    if (leftMs <= 0) return 'ENDED'
    return leftMs <= ENDING_MS ? 'ENDING' : 'GOOD'
  }

  /** Returns the value of the `Authorization` header. It is `null` if the server would refuse the token. */
  authorization(): string | null {
    const { state } = this
    return state === 'GOOD' || state === 'ENDING' ? `Bearer ${this.#signedIn.token}` : null
  }

  /** Notes that the server has accepted the token. If it refuses the token later, its settings are not the reason. */
  noteAcceptance(): void {
    this.#wasAccepted = true
  }

  /**
   * Notes that the server has refused the token, or that it has ended. A read then signs in again by itself, unless
   * somebody has typed something that would be lost.
   *
   * @param isTokenMissing `true` if the server says that no token came
   */
  noteRefusal(isRead: boolean, isTokenMissing = false): void {
    const isFresh = this.#now() - this.#beganAtMs < FRESH_MS
    if (this.authorization() !== null) {
      const isEnd = this.#wasAccepted || !isFresh
      this.#refusal = isEnd ? 'ENDED' : isTokenMissing ? 'NO_TOKEN' : 'REFUSED'
    }
    this.#tell()
    const mayHelp = this.#refusal === null || !isFresh
    if (isRead && this.#holds === 0 && this.state === 'ENDED' && mayHelp) void this.signInAgain()
  }

  /** `true` while the screen has wishes that nobody has sent. The page asks before it leaves them. */
  get hasDraft(): boolean {
    return this.#drafts > 0
  }

  /** Returns `true`, once, if the page leaves for a sign-in, which keeps every wish. */
  takeLeave(): boolean {
    const isLeaving = this.#isLeaving
    // If the person stays after all, the next way out is no sign-in.
    this.#isLeaving = false
    return isLeaving
  }

  /**
   * Lets a wish wait for each sign-in that leads away from the page, until the returned function is called.
   *
   * @param toWaiting returns the wish as it is then, or `null` if there is none
   */
  keep(toWaiting: () => Waiting | null): () => void {
    this.#wishes.add(toWaiting)
    return () => void this.#wishes.delete(toWaiting)
  }

  /** Keeps the page from leaving by itself, until the returned function is called. */
  hold(isDraft = false): () => void {
    const drafts = isDraft ? 1 : 0
    this.#holds += 1
    this.#drafts += drafts
    return () => {
      this.#holds -= 1
      this.#drafts -= drafts
    }
  }

  /** Leaves for the issuer, and comes back to the screen. Every wish of it waits. */
  async signInAgain(wish: Omit<SignInWish, 'locale' | 'returnTo'> = {}): Promise<void> {
    this.#fault = null
    this.#isLeaving = true
    const wishes = [...this.#wishes].flatMap(toWaiting => toWaiting() ?? [])
    if (wishes.length > 0) keepWaiting(wishes, this.subject)
    const returnTo = location.pathname + location.search
    this.#fault = await leaveForSignIn(this.config, { ...wish, returnTo, locale: this.#locale() })
    this.#isLeaving = false
    this.#tell()
  }

  /** Forgets the token, and ends the session at the issuer. */
  async signOut(): Promise<void> {
    this.#isSignedOut = true
    this.#tell()
    await leaveForSignOut(this.config, this.#signedIn)
  }

  /** Calls a listener whenever the state may have changed. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  #watchEnd(): void {
    const { expiresAtMs } = this
    if (expiresAtMs === null) return
    for (const atMs of [expiresAtMs - ENDING_MS, expiresAtMs]) {
      setTimeout(() => this.#tell(), Math.max(0, Math.min(atMs - this.#now() + 50, 2_000_000_000)))
    }
  }
}
