import type { Result } from './client.ts'
import type { WriteData } from './to-write-ends.ts'

/** The subject of a write, in the words of the screen that sends it. */
export interface WriteSubject {
  readonly kind: 'CHANGE' | 'UNDO' | 'SEVERAL' | 'POOL' | 'APPLICATION' | 'START_SCAN' | 'CANCEL_SCAN'
  /** The name, the id or the number of people, as far as the screen knows. It stays in memory. */
  readonly who: string | null
  /** The address of a screen that shows it, if that is not the one that sends it. */
  readonly href?: string
}

/** A write that was sent to be made. */
export interface SentWrite extends WriteSubject {
  readonly id: number
  readonly href: string
  /** `null` while it is on its way. */
  readonly result: Result<WriteData> | null
  /** `true` if the part of the page that sent it is gone, so that nothing there tells its result. */
  readonly isLeft: boolean
}

/**
 * The writes that are on their way, and those whose screen was left before the result came. While one is on its way, the
 * browser asks before it leaves the page. While there is any, the page does not leave by itself.
 */
export class Writes {
  readonly #hold: () => () => void
  readonly #listeners = new Set<() => void>()
  readonly #writes = new Map<number, SentWrite>()
  #lastId = 0
  #release: (() => void) | null = null

  /** @param hold keeps the page from leaving by itself, until the function that it returns is called */
  constructor(hold: () => () => void) {
    this.#hold = hold
  }

  /** The writes that no screen tells of, the oldest first. */
  get left(): readonly SentWrite[] {
    return [...this.#writes.values()].filter(({ isLeft }) => isLeft)
  }

  /** Notes a write that is sent now from the screen of the address. Returns its id. */
  begin(subject: WriteSubject): number {
    const id = ++this.#lastId
    const href = location.pathname + location.search
    this.#set({ href, ...subject, id, result: null, isLeft: false })
    return id
  }

  /** Notes that the part of the page that sent it is gone. */
  leave(id: number): void {
    const write = this.#writes.get(id)
    if (write !== undefined) this.#set({ ...write, isLeft: true })
  }

  /** Takes its result. It is forgotten if the part of the page that sent it can tell it. */
  end(id: number, result: Result<WriteData>): void {
    const write = this.#writes.get(id)
    if (write?.isLeft) this.#set({ ...write, result })
    else this.forget(id)
  }

  /** Forgets it, because the person knows of it. */
  forget(id: number): void {
    this.#writes.delete(id)
    this.#tell()
  }

  /** Calls a listener whenever a write has changed. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #set(write: SentWrite): void {
    this.#writes.set(write.id, write)
    this.#tell()
  }

  #tell(): void {
    if ([...this.#writes.values()].some(({ result }) => result === null))
      addEventListener('beforeunload', askFirst)
    else removeEventListener('beforeunload', askFirst)
    if (this.#writes.size > 0) this.#release ??= this.#hold()
    else {
      this.#release?.()
      this.#release = null
    }
    for (const listener of this.#listeners) listener()
  }
}

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
