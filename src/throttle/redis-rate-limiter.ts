import type { Clock } from '../base/clock.ts'
import { LOST, type RedisConnection } from '../redis/connection.ts'
import type { SharingState } from '../redis/connection-health.ts'
import type { FallbackQuota } from '../redis/fallback-quota.ts'
import {
  type AdaptiveRate,
  createAdaptiveRate,
  createRateLimiter,
  NONE_WAIT,
  type RateLimiter,
  type Waiting,
} from './rate-limiter.ts'
import { createRedisClock, type RedisClock } from './redis-clock.ts'
import type { LatePermit, PermitSchedule, ScheduledPermit } from './redis-permit-schedule.ts'
import { createSlidingWindow, SLIDING_WINDOW_MS, type SlidingWindow } from './sliding-window.ts'

interface RedisRateLimiterOptions {
  readonly maxRps: number
  readonly connection: Pick<RedisConnection, 'state' | 'probe' | 'onChange'>
  readonly schedule: Pick<PermitSchedule, 'ask'>
  readonly quota: FallbackQuota
  /** The longest wait for a reply of Redis. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/** A permit that is later than this is given back, because it may collide with permits of other replicas. */
const MAX_LATE_MS = 20
/** If a request is sent this long after its permit's time, the schedule is told. */
const TELL_LATE_MS = 5
/** The longest time between two checks while a reply of Redis is awaited. The reply itself ends the wait earlier. */
const LOOK_AGAIN_MS = 50
/** The shortest time between two requests for permits. It lets replicas that want all free permits get equal parts. */
const MIN_ASK_AGAIN_MS = 5
/** The same for background work, for which no caller waits. */
const MIN_ASK_AGAIN_FOR_BACKGROUND_MS = 10

/**
 * The rate limiter that several replicas share. It requests permits from the schedule in Redis, and uses them at their
 * times. If several calls wait, it requests their permits together. While Redis is lost, this replica keeps to its own
 * quota.
 *
 * A change from one to the other never exceeds what both allow:
 *
 * - For a second after Redis is lost, this replica sends no more than in the second before. The other replicas may have
 *   used all the rest.
 * - For a second after Redis is back, it sends no more than its quota.
 */
export class RedisRateLimiter implements RateLimiter {
  readonly #options: RedisRateLimiterOptions
  readonly #clock: Clock
  readonly #redisClock: RedisClock
  readonly #adaptiveRate: AdaptiveRate
  readonly #slidingWindow: SlidingWindow
  /** The rate limiter that is used while Redis is lost. */
  #own: RateLimiter
  /** The most requests in a window until `untilMs`, after Redis was lost or came back. */
  #limit: { readonly requests: number; readonly untilMs: number }
  /** In the order of their times. A caller may have one of background work, and the other way round. */
  #permits: ScheduledPermit[] = []
  /** The permits that are given out and have not ended. The next one that ends is assumed to be the oldest. */
  #open: ScheduledPermit[] = []
  #news = noNews()
  #isAsking = false
  #askAgainAtMs = 0
  #askAgainForBackgroundAtMs = 0
  #tell: () => void = () => {}

  constructor(options: RedisRateLimiterOptions) {
    const { maxRps, clock, timeoutMs, connection } = options
    this.#options = options
    this.#clock = clock
    this.#redisClock = createRedisClock(clock, timeoutMs)
    this.#adaptiveRate = createAdaptiveRate()
    this.#slidingWindow = createSlidingWindow(maxRps)
    this.#own = this.#createOwn()
    this.#limit = { requests: maxRps, untilMs: Number.NEGATIVE_INFINITY }
    connection.onChange(state => this.#goOn(state))
  }

  waitMs(waiting = NONE_WAIT): number {
    if (this.#isLocal) return Math.max(this.#own.waitMs(), this.#limitWaitMs())
    return this.#sharedWaitMs(waiting)
  }

  /** The schedule keeps a part of the budget free. A permit that it gave may serve any attempt. */
  backgroundWaitMs(waiting = NONE_WAIT): number {
    if (this.#isLocal) return Math.max(this.#own.backgroundWaitMs(), this.#limitWaitMs())
    return this.#sharedWaitMs(waiting)
  }

  take(): void {
    if (this.#isLocal) {
      this.#own.take()
      return
    }
    this.#slidingWindow.take()
    const [next] = this.#permits
    if (next !== undefined && next.atMs <= this.#clock.monotonic()) {
      this.#permits.shift()
      this.#open.push(next)
      return
    }
    this.#news.spent++
    void this.#ask(NONE_WAIT)
  }

  end(): void {
    const nowMs = this.#clock.monotonic()
    this.#slidingWindow.end(nowMs)
    const permit = this.#open.shift()
    if (permit === undefined) return
    const lateByMs = nowMs - permit.atMs
    if (lateByMs > TELL_LATE_MS) this.#news.late.push({ id: permit.id, lateByMs })
  }

  slowDown(): void {
    this.#adaptiveRate.slowDown(this.#clock.monotonic())
    if (this.#isLocal) return
    this.#news.isThrottled = true
    void this.#ask(NONE_WAIT)
  }

  get requestsPerSecond(): number {
    if (this.#isLocal) return this.#own.requestsPerSecond
    const { quota, maxRps } = this.#options
    const nowMs = this.#clock.monotonic()
    // It is at least a fair part, and more if the other replicas leave some unused.
    return Math.max(quota.of(maxRps) * this.#adaptiveRate.factorAt(nowMs), this.#slidingWindow.count(nowMs))
  }

  onSooner(listener: () => void): void {
    this.#tell = listener
  }

  /** Tells Redis that this replica is alive, and learns whether Redis replies and what its clock shows. */
  heartbeat(): Promise<void> {
    return this.#ask(NONE_WAIT)
  }

  #sharedWaitMs(waiting: Waiting): number {
    this.#giveBackLatePermits()
    const nowMs = this.#clock.monotonic()
    const missing = this.#findMissing(waiting)
    const wanted = {
      people: nowMs >= this.#askAgainAtMs ? missing.people : 0,
      background: nowMs >= this.#askAgainForBackgroundAtMs ? missing.background : 0,
    }
    if (wanted.people + wanted.background > 0) void this.#ask(wanted)
    const [next] = this.#permits
    if (next !== undefined) return Math.max(0, next.atMs - nowMs, this.#limitWaitMs())
    if (this.#isAsking) return LOOK_AGAIN_MS
    const askAgainAtMs = missing.people > 0 ? this.#askAgainAtMs : this.#askAgainForBackgroundAtMs
    return Math.max(1, Math.min(LOOK_AGAIN_MS, askAgainAtMs - nowMs))
  }

  /** A caller does not wait for a permit of background work, which may be later than one of their own would be. */
  #findMissing({ people, background }: Waiting): Waiting {
    const ofPeople = this.#permits.filter(({ isOfBackground }) => !isOfBackground).length
    const missing = Math.max(0, people - ofPeople)
    return {
      people: missing,
      background: Math.max(0, people + background - this.#permits.length - missing),
    }
  }

  get #isLocal(): boolean {
    return this.#options.connection.state === 'LOCAL'
  }

  #createOwn(): RateLimiter {
    const { quota, maxRps } = this.#options
    return createRateLimiter(quota.of(maxRps), this.#clock, this.#adaptiveRate, this.#slidingWindow)
  }

  /** Starts anew after Redis is lost or has come back. */
  #goOn(state: SharingState): void {
    const { quota, maxRps } = this.#options
    this.#permits = []
    this.#open = []
    this.#news = { ...this.#news, unused: [], late: [] }
    this.#own = this.#createOwn()
    const own = quota.of(maxRps)
    const nowMs = this.#clock.monotonic()
    const requests = state === 'SHARED' ? own : Math.min(own, this.#slidingWindow.count(nowMs))
    this.#limit = { requests, untilMs: nowMs + SLIDING_WINDOW_MS }
    this.#tell()
  }

  async #ask(wanted: Waiting): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const request = { wanted, ...this.#news }
    this.#news = noNews()
    const { connection, schedule, quota } = this.#options
    const answer = await connection.probe(() => schedule.ask(request))
    this.#isAsking = false
    // Redis has still stored the news, only late. Otherwise the connection is lost, and with it the schedule.
    if (answer === LOST) return
    this.#redisClock.note(answer.nowMs)
    quota.saw(answer.replicas)
    const nowMs = this.#clock.monotonic()
    this.#adaptiveRate.adopt(answer.factor, nowMs)
    const given = answer.permits.map(permit => ({
      ...permit,
      atMs: this.#redisClock.toLocalMs(permit.atMs),
    }))
    this.#permits = [...this.#permits, ...given].sort((a, b) => a.atMs - b.atMs)
    const ofPeople = given.filter(({ isOfBackground }) => !isOfBackground)
    if (ofPeople.length < wanted.people) {
      this.#askAgainAtMs = Math.max(
        this.#redisClock.toLocalMs(answer.askAgainAtMs),
        ofPeople[Math.floor(ofPeople.length / 2)]?.atMs ?? nowMs + MIN_ASK_AGAIN_MS,
      )
    }
    if (given.length - ofPeople.length < wanted.background) {
      this.#askAgainForBackgroundAtMs = Math.max(
        this.#redisClock.toLocalMs(answer.askAgainForBackgroundAtMs),
        nowMs + MIN_ASK_AGAIN_FOR_BACKGROUND_MS,
      )
    }
    if (this.#news.spent > 0 || this.#news.isThrottled) void this.#ask(NONE_WAIT)
    this.#tell()
  }

  #giveBackLatePermits(): void {
    const latestMs = this.#clock.monotonic() - MAX_LATE_MS
    for (let [first] = this.#permits; first !== undefined && first.atMs < latestMs; [first] = this.#permits) {
      this.#news.unused.push(first.id)
      this.#permits.shift()
    }
  }

  /** Returns the wait that the sliding window demands. The limit after a change ends at its own time. */
  #limitWaitMs(): number {
    const { quota, maxRps } = this.#options
    const nowMs = this.#clock.monotonic()
    const restMs = this.#limit.untilMs - nowMs
    return restMs > 0
      ? Math.min(restMs, this.#slidingWindow.waitMs(this.#limit.requests, nowMs))
      : this.#slidingWindow.waitMs(this.#isLocal ? quota.of(maxRps) : maxRps, nowMs)
  }
}

/** The news that the next request brings to the schedule. */
interface News {
  spent: number
  isThrottled: boolean
  readonly unused: number[]
  readonly late: LatePermit[]
}

function noNews(): News {
  return { spent: 0, isThrottled: false, unused: [], late: [] }
}
