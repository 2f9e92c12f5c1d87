import { describe, expect, it } from 'vitest'
import { createWorkload } from '../../src/server/workload.ts'

describe('the workload', () => {
  it('counts an operation that waits as under way, not as in flight', () => {
    const workload = createWorkload()
    const first = workload.begin()
    workload.begin()
    expect([workload.underWay, workload.inFlight]).toEqual([2, 2])
    const resume = first.onWait()
    expect([workload.underWay, workload.inFlight]).toEqual([2, 1])
    resume()
    expect([workload.underWay, workload.inFlight]).toEqual([2, 2])
  })

  it('takes an operation for waiting until the last of its calls has had its turn', () => {
    const workload = createWorkload()
    const work = workload.begin()
    const resumes = [work.onWait(), work.onWait()]
    resumes[1]?.()
    expect(workload.inFlight).toBe(0)
    resumes[0]?.()
    expect(workload.inFlight).toBe(1)
  })

  it('is right whichever comes last, the end of an operation or of a wait of its', () => {
    const workload = createWorkload()
    const work = workload.begin()
    const resume = work.onWait()
    work.end()
    work.end()
    expect([workload.underWay, workload.inFlight]).toEqual([0, 0])
    resume()
    work.onWait()()
    expect([workload.underWay, workload.inFlight]).toEqual([0, 0])
  })

  it('is idle once the last operation has ended, whether it waits or not', async () => {
    const workload = createWorkload()
    await workload.idle()
    const works = [workload.begin(), workload.begin()]
    works[0]?.onWait()
    let isIdle = false
    const idle = workload.idle().then(() => {
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
