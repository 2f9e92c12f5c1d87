import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createRateLimiter, type RateLimiter } from '../../src/throttle/rate-limiter.ts'
import { busiestSecond } from '../support/busiest-second.ts'

function atTime(maxRps: number) {
  let nowMs = 5_000
  const rateLimiter = createRateLimiter(maxRps, { ...systemClock, monotonic: () => nowMs })
  const sentAtMs: number[] = []
  /** As many as may be sent at every step, for so long. */
  function run(durationMs: number, stepMs: number, limit = Number.POSITIVE_INFINITY): void {
    for (const endMs = nowMs + durationMs; nowMs < endMs; nowMs += stepMs) {
      for (let left = 0; left < limit && rateLimiter.waitMs() === 0; left++) {
        rateLimiter.take()
        rateLimiter.end()
        sentAtMs.push(nowMs)
      }
    }
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { rateLimiter, sentAtMs, run, pass }
}

describe('the rate limiter', () => {
  it.each([
    [300, 1],
    [300, 7],
    // A busy event loop.
    [300, 50],
    [7, 1],
    [1, 1],
    [5_000, 3],
  ])('of %i a second, asked every %i ms, is never exceeded and nearly used', (rps, stepMs) => {
    const { sentAtMs, run } = atTime(rps)
    run(20_000, stepMs)
    expect(busiestSecond(sentAtMs)).toBeLessThanOrEqual(rps)
    expect(sentAtMs.length).toBeGreaterThanOrEqual(rps * 20 * 0.95)
  })

  it('is not exceeded by requests that are sent long after their permit', () => {
    let nowMs = 5_000
    const rateLimiter = createRateLimiter(300, { ...systemClock, monotonic: () => nowMs })
    let leaving: number[] = []
    const sentAtMs: number[] = []
    // Late by 150 ms for a second, and in time for the next.
    for (; nowMs < 15_000; nowMs++) {
      while (rateLimiter.waitMs() === 0) {
        rateLimiter.take()
        leaving.push(nowMs + (nowMs % 2_000 < 1_000 ? 150 : 0))
      }
      const due = leaving.filter(atMs => atMs <= nowMs)
      leaving = leaving.filter(atMs => atMs > nowMs)
      for (const _ of due) {
        rateLimiter.end()
        sentAtMs.push(nowMs)
      }
    }
    expect(busiestSecond(sentAtMs)).toBeLessThanOrEqual(300)
    expect(sentAtMs.length).toBeGreaterThanOrEqual(300 * 10 * 0.8)
  })

  it('is not exceeded after a pause either, when many wait together', () => {
    const { sentAtMs, run, pass } = atTime(300)
    run(1_000, 1)
    pass(60_000)
    run(3_000, 1)
    expect(sentAtMs.length).toBeGreaterThanOrEqual(300 * 4 * 0.8)
    expect(busiestSecond(sentAtMs)).toBeLessThanOrEqual(300)
  })

  it('lets as many go together as 60 ms are worth, and the rest evenly', () => {
    const { sentAtMs, run } = atTime(300)
    run(100, 1)
    const [first = 0] = sentAtMs
    expect(sentAtMs.filter(atMs => atMs === first)).toHaveLength(18)
    const rest = sentAtMs.filter(atMs => atMs > first)
    expect(rest.length).toBeGreaterThan(20)
    for (const [index, atMs] of rest.slice(1).entries())
      expect(atMs - (rest[index] ?? 0)).toBeLessThanOrEqual(4)
  })

  it.each([
    [300, 1],
    [300, 50],
    [5_000, 3],
    [7, 1],
    [1, 1],
  ])(
    'of %i a second, asked every %i ms, leaves a tenth and half a burst when background work takes all that it may',
    (rps, stepMs) => {
      const { rateLimiter, pass } = atTime(rps)
      let sent = 0
      for (let ms = 0; ms < 20_000; ms += stepMs) {
        for (; rateLimiter.backgroundWaitMs() === 0; sent++) {
          rateLimiter.take()
          rateLimiter.end()
        }
        pass(stepMs)
      }
      expect(sent).toBeLessThanOrEqual(20 * Math.max(1, rps * 0.9))
      // A busy event loop can make up for less than it has missed.
      expect(sent).toBeGreaterThanOrEqual(20 * Math.max(0.9, rps * (stepMs === 50 ? 0.5 : 0.8)))
      let burst = 0
      for (; rateLimiter.waitMs() === 0; burst++) {
        rateLimiter.take()
        rateLimiter.end()
      }
      expect(burst).toBeGreaterThanOrEqual(Math.floor(rps * 0.03))
    },
  )

  it('of a rate that a 429 has cut leaves a tenth of the rest', () => {
    const { rateLimiter, pass } = atTime(300)
    rateLimiter.slowDown()
    let sent = 0
    for (let ms = 0; ms < 1_000; ms++) {
      for (; rateLimiter.backgroundWaitMs() === 0; sent++) {
        rateLimiter.take()
        rateLimiter.end()
      }
      pass(1)
    }
    expect(sent).toBeLessThanOrEqual(225 * 0.9)
    expect(rateLimiter.waitMs()).toBe(0)
  })

  it('falls to seven tenths at a 429, once for each second of them, and is back after six seconds', () => {
    const { rateLimiter, pass } = atTime(300)
    const burst = (each: RateLimiter) => Array.from({ length: 50 }, () => each.slowDown())
    burst(rateLimiter)
    expect(rateLimiter.requestsPerSecond).toBeCloseTo(210)
    pass(1_000)
    expect(rateLimiter.requestsPerSecond).toBeCloseTo(225)
    burst(rateLimiter)
    expect(rateLimiter.requestsPerSecond).toBeCloseTo(157.5)
    pass(9_500)
    expect(rateLimiter.requestsPerSecond).toBe(300)
  })

  it('never falls below a twentieth', () => {
    const { rateLimiter, pass } = atTime(300)
    for (let second = 0; second < 30; second++) {
      rateLimiter.slowDown()
      pass(1_000)
    }
    expect(rateLimiter.requestsPerSecond).toBeGreaterThanOrEqual(15)
  })
})
