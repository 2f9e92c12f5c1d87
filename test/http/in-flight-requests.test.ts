import { describe, expect, it } from 'vitest'
import { createInFlightRequests } from '../../src/http/in-flight-requests.ts'

describe('the workload', () => {
  it('counts an operation that waits as under way, not as in flight', () => {
    const inFlightRequests = createInFlightRequests()
    const first = inFlightRequests.begin()
    inFlightRequests.begin()
    expect([inFlightRequests.underWay, inFlightRequests.inFlight]).toEqual([2, 2])
    const resume = first.onWait()
    expect([inFlightRequests.underWay, inFlightRequests.inFlight]).toEqual([2, 1])
    resume()
    expect([inFlightRequests.underWay, inFlightRequests.inFlight]).toEqual([2, 2])
  })

  it('takes an operation for waiting until the last of its calls has had its turn', () => {
    const inFlightRequests = createInFlightRequests()
    const work = inFlightRequests.begin()
    const resumes = [work.onWait(), work.onWait()]
    resumes[1]?.()
    expect(inFlightRequests.inFlight).toBe(0)
    resumes[0]?.()
    expect(inFlightRequests.inFlight).toBe(1)
  })

  it('is right whichever comes last, the end of an operation or of a wait of its', () => {
    const inFlightRequests = createInFlightRequests()
    const work = inFlightRequests.begin()
    const resume = work.onWait()
    work.end()
    work.end()
    expect([inFlightRequests.underWay, inFlightRequests.inFlight]).toEqual([0, 0])
    resume()
    work.onWait()()
    expect([inFlightRequests.underWay, inFlightRequests.inFlight]).toEqual([0, 0])
  })

  it('is idle once the last operation has ended, whether it waits or not', async () => {
    const inFlightRequests = createInFlightRequests()
    await inFlightRequests.idle()
    const works = [inFlightRequests.begin(), inFlightRequests.begin()]
    works[0]?.onWait()
    let isIdle = false
    const idle = inFlightRequests.idle().then(() => {
      isIdle = true
    })
    works[1]?.end()
    await Promise.resolve()
    expect(isIdle).toBe(false)
    works[0]?.end()
    await idle
    expect(isIdle).toBe(true)
  })
})
