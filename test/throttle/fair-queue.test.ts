import { describe, expect, it } from 'vitest'
import { createFairQueue, type QueuedCall } from '../../src/throttle/fair-queue.ts'

type Call = QueuedCall & { readonly name: string }

const read = (callerKey: string, name = callerKey): Call => ({ callerKey, name, priority: 'READ' })
const write = (callerKey: string, name = callerKey): Call => ({ callerKey, name, priority: 'WRITE' })
const look = (name: string): Call => ({ callerKey: '', name, priority: 'BACKGROUND' })

function queueOf(...calls: readonly Call[]) {
  const queue = createFairQueue<Call>(() => 50)
  for (const call of calls) queue.add(call)
  return queue
}

function takeAll(queue: ReturnType<typeof queueOf>): string[] {
  const names: string[] = []
  for (let call = queue.next(); call !== null; call = queue.next()) names.push(call.name)
  return names
}

describe('the fair queue', () => {
  it('alternates between callers, and keeps the calls of each in order', () => {
    const greedy = [1, 2, 3, 4].map(number => read('greedy', `greedy ${number}`))
    expect(takeAll(queueOf(...greedy, read('modest'), read('other')))).toEqual([
      'greedy 1',
      'modest',
      'other',
      'greedy 2',
      'greedy 3',
      'greedy 4',
    ])
  })

  it('lets writes go first, and a read every tenth time', () => {
    const queue = queueOf(
      read('reader', 'read'),
      ...Array.from({ length: 12 }, (_, index) => write('writer', `write ${index}`)),
    )
    expect(takeAll(queue).indexOf('read')).toBe(9)
  })

  it('lets background work go last, and after 50 others at the latest', () => {
    expect(takeAll(queueOf(look('look'), read('reader'), write('writer')))).toEqual([
      'writer',
      'reader',
      'look',
    ])
    const busy = queueOf(
      look('look 1'),
      look('look 2'),
      ...Array.from({ length: 120 }, (_, index) => write('writer', `write ${index}`)),
    )
    const names = takeAll(busy)
    expect([names.indexOf('look 1'), names.indexOf('look 2')]).toEqual([50, 101])
  })

  it('lets background work wait for its turn after others, and counts anew from each of its turns', () => {
    const queue = queueOf(...Array.from({ length: 200 }, (_, index) => read('reader', `read ${index}`)))
    for (let served = 0; served < 70; served++) queue.next()
    expect(queue.isBackgroundDue).toBe(false)
    queue.add(look('late'))
    queue.add(look('later'))
    expect(queue.waiting).toEqual({ people: 130, background: 2 })
    expect([queue.isBackgroundDue, queue.next()?.name]).toEqual([true, 'late'])
    expect([queue.isBackgroundDue, queue.next()?.name]).toEqual([false, 'read 70'])
    expect(takeAll(queue).indexOf('later')).toBe(49)
  })

  it('alternates between kinds of background work, too', () => {
    const scan = [1, 2, 3].map(number => ({ ...look(`scan ${number}`), callerKey: 'scan' }))
    expect(takeAll(queueOf(...scan, look('look')))).toEqual(['scan 1', 'look', 'scan 2', 'scan 3'])
  })

  it('forgets a caller who has left', () => {
    const gone = read('a', 'gone')
    const queue = queueOf(gone, read('a', 'here'))
    queue.remove(gone)
    queue.remove(gone)
    expect(queue.length).toBe(1)
    expect(takeAll(queue)).toEqual(['here'])
    expect(queue.length).toBe(0)
  })

  describe('at its limit of 1,000', () => {
    const full = (make: (callerKey: string, name: string) => Call) =>
      queueOf(...Array.from({ length: 1_000 }, (_, index) => make('greedy', `greedy ${index}`)))

    it('takes the newest place of the caller who has most', () => {
      expect(full(read).add(read('modest'))?.name).toBe('greedy 999')
      expect(full(write).add(write('modest'))?.name).toBe('greedy 999')
    })

    it('has none for the caller who has most already', () => {
      expect(full(read).add(read('greedy', 'one more'))?.name).toBe('one more')
    })

    it('takes the place of a read for a write, and never of a write for a read', () => {
      expect(full(read).add(write('greedy'))?.name).toBe('greedy 999')
      expect(full(write).add(read('modest'))?.name).toBe('modest')
    })

    it('takes the place of background work for anybody, and never for other background work', () => {
      const queue = full(write)
      expect(queue.add(look('too many'))?.name).toBe('too many')
      const all = queueOf(...Array.from({ length: 1_000 }, (_, index) => look(`look ${index}`)))
      expect(all.add(look('one more'))?.name).toBe('one more')
      expect(all.add(read('reader'))?.name).toBe('look 999')
      expect(all.add(write('writer'))?.name).toBe('look 998')
    })

    it('never grows', () => {
      const queue = full(read)
      for (let index = 0; index < 100; index++) queue.add(read(`caller ${index}`))
      expect(queue.length).toBe(1_000)
      expect(takeAll(queue).filter(name => name.startsWith('caller'))).toHaveLength(100)
    })
  })

  it('tells a newcomer how many calls come before', () => {
    const queue = queueOf(...Array.from({ length: 100 }, () => read('greedy')), write('w'), write('w'))
    expect(queue.callsBefore(read('greedy'))).toBe(2 + 100)
    expect(queue.callsBefore(read('modest'))).toBe(2 + 1)
    expect(queue.callsBefore(write('modest'))).toBe(1)
    expect(queue.callsBefore(look('look'))).toBe(51)
    expect(queueOf(write('w'), read('r')).callsBefore(look('look'))).toBe(2)
  })
})
