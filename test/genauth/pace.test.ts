import { describe, expect, it } from 'vitest'
import { createPace, type Pace } from '../../src/genauth/pace.ts'
import { busiestSecond } from '../support/busiest-second.ts'

function atTime(maxRps: number) {
  let nowMs = 5_000
  const pace = createPace(maxRps, () => nowMs)
  const departures: number[] = []
  /** As many as want to leave at every step, for so long. */
  function run(durationMs: number, stepMs: number, limit = Number.POSITIVE_INFINITY): void {
    for (const endMs = nowMs + durationMs; nowMs < endMs; nowMs += stepMs) {
      for (let left = 0; left < limit && pace.waitMs() === 0; left++) {
        pace.take()
        pace.depart()
        departures.push(nowMs)
      }
    }
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { pace, departures, run, pass }
}

describe('the pace', () => {
  it.each([
    [300, 1],
    [300, 7],
    // A busy event loop.
    [300, 50],
    [7, 1],
    [1, 1],
    [5_000, 3],
  ])('of %i a second, asked every %i ms, is never exceeded and nearly used', (rps, stepMs) => {
    const { departures, run } = atTime(rps)
    run(20_000, stepMs)
    expect(busiestSecond(departures)).toBeLessThanOrEqual(rps)
    expect(departures.length).toBeGreaterThanOrEqual(rps * 20 * 0.95)
  })

  it('is not exceeded by requests that leave long after their turn', () => {
    let nowMs = 5_000
    const pace = createPace(300, () => nowMs)
    let leaving: number[] = []
    const departures: number[] = []
    // Late by 150 ms for a second, and in time for the next.
    for (; nowMs < 15_000; nowMs++) {
      while (pace.waitMs() === 0) {
        pace.take()
        leaving.push(nowMs + (nowMs % 2_000 < 1_000 ? 150 : 0))
      }
      const due = leaving.filter(atMs => atMs <= nowMs)
      leaving = leaving.filter(atMs => atMs > nowMs)
      for (const _ of due) {
        pace.depart()
        departures.push(nowMs)
      }
    }
    expect(busiestSecond(departures)).toBeLessThanOrEqual(300)
    expect(departures.length).toBeGreaterThanOrEqual(300 * 10 * 0.8)
  })

  it('is not exceeded after a pause either, when many want to leave at once', () => {
    const { departures, run, pass } = atTime(300)
    run(1_000, 1)
    pass(60_000)
    run(3_000, 1)
    expect(busiestSecond(departures)).toBeLessThanOrEqual(300)
  })

  it('lets as many leave at once as 60 ms are worth, and the rest evenly', () => {
    const { departures, run } = atTime(300)
    run(100, 1)
    const [first = 0] = departures
    expect(departures.filter(atMs => atMs === first)).toHaveLength(18)
    const rest = departures.filter(atMs => atMs > first)
    for (const [index, atMs] of rest.slice(1).entries())
      expect(atMs - (rest[index] ?? 0)).toBeLessThanOrEqual(4)
  })

  it('falls to seven tenths at a 429, once for each second of them, and is back after six seconds', () => {
    const { pace, pass } = atTime(300)
    const burst = (each: Pace) => Array.from({ length: 50 }, () => each.slowDown())
    burst(pace)
    expect(pace.requestsPerSecond).toBeCloseTo(210)
    pass(1_000)
    expect(pace.requestsPerSecond).toBeCloseTo(225)
    burst(pace)
    expect(pace.requestsPerSecond).toBeCloseTo(157.5)
    pass(9_500)
    expect(pace.requestsPerSecond).toBe(300)
  })

  it('never falls below a twentieth', () => {
    const { pace, pass } = atTime(300)
    for (let second = 0; second < 30; second++) {
      pace.slowDown()
      pass(1_000)
    }
    expect(pace.requestsPerSecond).toBeGreaterThanOrEqual(15)
  })
})
