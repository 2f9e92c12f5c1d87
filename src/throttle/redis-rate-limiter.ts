import { LOST, type RedisConnection } from '../redis/connection.ts'
import type { FallbackQuota } from '../redis/fallback-quota.ts'
import { createAdaptiveRate } from './adaptive-rate.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { createRedisClock } from './redis-clock.ts'
import type { LatePermit, PermitSchedule, Turn } from './redis-permit-schedule.ts'
import { createSlidingWindow, SLIDING_WINDOW_MS } from './sliding-window.ts'

export interface RedisRateLimiterOptions {
  readonly maxRps: number
  readonly link: Pick<RedisConnection, 'state' | 'probe' | 'onChange'>
  readonly turnsBook: Pick<PermitSchedule, 'ask'>
  readonly share: FallbackQuota
  /** The longest wait for an answer of Redis. */
  readonly timeoutMs: number
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

export interface RedisRateLimiter extends RateLimiter {
  /** Says that this replica lives, and finds out whether Redis does and what its clock says. */
  beat(): Promise<void>
}

/** A turn that is used later than this may meet the turns of others: it is given back. */
const MAX_LATE_MS = 20
/** A request that leaves this long after its turn is told to the others. */
const TELL_LATE_MS = 5
/** The longest time between two looks while an answer is under way; it is told of earlier. */
const LOOK_AGAIN_MS = 50
/** Two replicas that both want all that is free get about as much each. */
const MIN_ASK_AGAIN_MS = 5

/**
 * The pace of several replicas together: departures are asked for in Redis, several at once when several wait, and
 * made at their times. While Redis is lost, this replica leaves at the pace of its own share.
 *
 * No change from one to the other exceeds what both allow. For a second after Redis is lost, this replica sends no
 * more than it did in the second before, since the others may have used all the rest; for a second after Redis has
 * come back, no more than its share.
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RedisRateLimiter {
  const { maxRps, link, turnsBook, share, timeoutMs, now = () => performance.now() } = options
  const slowing = createAdaptiveRate(now)
  const slidingWindow = createSlidingWindow(maxRps, now)
  const clock = createRedisClock(now, timeoutMs)
  const createOwn = () => createRateLimiter(share.of(maxRps), now, slowing, slidingWindow)
  let own = createOwn()
  let limit = { requests: maxRps, untilMs: Number.NEGATIVE_INFINITY }
  let turns: Turn[] = []
  /** Turns that were taken and whose requests have not left. Whichever leaves next is counted for the oldest. */
  let leaving: Turn[] = []
  let lost: number[] = []
  let late: LatePermit[] = []
  let [isAsking, askAgainAtMs] = [false, 0]
  let [spent, isThrottled] = [0, false]
  let tell = () => {}

  link.onChange(state => {
    turns = []
    leaving = []
    lost = []
    late = []
    const ownShare = share.of(maxRps)
    own = createOwn()
    const requests = state === 'SHARED' ? ownShare : Math.min(ownShare, slidingWindow.count())
    limit = { requests, untilMs: now() + SLIDING_WINDOW_MS }
    tell()
  })

  async function ask(wanted: number): Promise<void> {
    if (isAsking) return
    isAsking = true
    const request = { wanted, spent, lost, late, isThrottled }
    ;[spent, lost, late, isThrottled] = [0, [], [], false]
    const answer = await link.probe(() => turnsBook.ask(request))
    isAsking = false
    // What was told is written down all the same, late, or else the connection is lost, and with it the book.
    if (answer === LOST) return
    clock.note(answer.nowMs)
    share.saw(answer.replicas)
    slowing.adopt(answer.factor)
    const given = answer.turns.map(({ id, atMs }) => ({ id, atMs: clock.toLocalMs(atMs) }))
    turns.push(...given)
    const worthItAtMs = Math.max(
      clock.toLocalMs(answer.askAgainAtMs),
      given[Math.floor(given.length / 2)]?.atMs ?? now() + MIN_ASK_AGAIN_MS,
    )
    askAgainAtMs = given.length < wanted ? worthItAtMs : now()
    if (spent > 0 || isThrottled) void ask(0)
    tell()
  }

  function giveUpLateTurns(): void {
    const latestMs = now() - MAX_LATE_MS
    while (turns[0] !== undefined && turns[0].atMs < latestMs) {
      lost.push(turns[0].id)
      turns.shift()
    }
  }

  /** The limit of a change is over by itself. */
  function limitWaitMs(): number {
    const restMs = limit.untilMs - now()
    return restMs > 0
      ? Math.min(restMs, slidingWindow.waitMs(limit.requests))
      : slidingWindow.waitMs(link.state === 'SHARED' ? maxRps : share.of(maxRps))
  }

  return {
    waitMs(waiting = 0) {
      if (link.state === 'LOCAL') return Math.max(own.waitMs(), limitWaitMs())
      giveUpLateTurns()
      if (turns.length < waiting && now() >= askAgainAtMs) void ask(waiting - turns.length)
      const [next] = turns
      if (next !== undefined) return Math.max(0, next.atMs - now(), limitWaitMs())
      return isAsking ? LOOK_AGAIN_MS : Math.max(1, Math.min(LOOK_AGAIN_MS, askAgainAtMs - now()))
    },
    take() {
      if (link.state === 'LOCAL') return own.take()
      slidingWindow.take()
      const [next] = turns
      if (next !== undefined && next.atMs <= now()) {
        turns.shift()
        leaving.push(next)
        return
      }
      spent++
      void ask(0)
    },
    depart() {
      slidingWindow.depart()
      const turn = leaving.shift()
      if (turn === undefined) return
      const lateByMs = now() - turn.atMs
      if (lateByMs > TELL_LATE_MS) late.push({ id: turn.id, lateByMs })
    },
    adaptiveRate() {
      slowing.adaptiveRate()
      if (link.state === 'LOCAL') return
      isThrottled = true
      void ask(0)
    },
    get requestsPerSecond() {
      if (link.state === 'LOCAL') return own.requestsPerSecond
      // At least a fair part, and what the others leave unused.
      return Math.max(share.of(maxRps) * slowing.factor, slidingWindow.count())
    },
    onSooner(listener) {
      tell = listener
    },
    beat: () => ask(0),
  }
}
