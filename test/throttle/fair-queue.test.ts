import { describe, expect, it } from 'vitest'
import { createFairQueue, type QueuedCall } from '../../src/throttle/fair-queue.ts'

type Call = QueuedCall & { readonly name: string }

const read = (callerKey: string, name = callerKey): Call => ({ callerKey, name, priority: 'READ' })
const write = (callerKey: string, name = callerKey): Call => ({ callerKey, name, priority: 'WRITE' })
const look = (name: string): Call => ({ callerKey: '', name, priority: 'BACKGROUND' })

function lineOf(...calls: readonly Call[]) {
  const line = createFairQueue<Call>()
  for (const call of calls) line.add(call)
  return line
}

function takeAll(line: ReturnType<typeof lineOf>): string[] {
  const names: string[] = []
  for (let call = line.next(); call !== null; call = line.next()) names.push(call.name)
  return names
}

describe('the waiting line', () => {
  it('lets callers take turns, each with its own calls in order', () => {
    const greedy = [1, 2, 3, 4].map(number => read('greedy', `greedy ${number}`))
    expect(takeAll(lineOf(...greedy, read('modest'), read('other')))).toEqual([
      'greedy 1',
      'modest',
      'other',
      'greedy 2',
      'greedy 3',
      'greedy 4',
    ])
  })

  it('lets writes go first, and a read in every tenth turn', () => {
    const line = lineOf(
      read('reader', 'read'),
      ...Array.from({ length: 12 }, (_, index) => write('writer', `write ${index}`)),
    )
    expect(takeAll(line).indexOf('read')).toBe(9)
  })

  it('lets background work go last, and in every 51st turn', () => {
    expect(takeAll(lineOf(look('look'), read('reader'), write('writer')))).toEqual([
      'writer',
      'reader',
      'look',
    ])
    const busy = lineOf(
      look('look 1'),
      look('look 2'),
      ...Array.from({ length: 120 }, (_, index) => write('writer', `write ${index}`)),
    )
    const names = takeAll(busy)
    expect([names.indexOf('look 1'), names.indexOf('look 2')]).toEqual([50, 101])
  })

  it('forgets who has left', () => {
    const gone = read('a', 'gone')
    const line = lineOf(gone, read('a', 'here'))
    line.remove(gone)
    line.remove(gone)
    expect(line.length).toBe(1)
    expect(takeAll(line)).toEqual(['here'])
    expect(line.length).toBe(0)
  })

  describe('at its limit of 1,000', () => {
    const full = (make: (callerKey: string, name: string) => Call) =>
      lineOf(...Array.from({ length: 1_000 }, (_, index) => make('greedy', `greedy ${index}`)))

    it('takes the newest place of whoever has most', () => {
      expect(full(read).add(read('modest'))?.name).toBe('greedy 999')
      expect(full(write).add(write('modest'))?.name).toBe('greedy 999')
    })

    it('has none for whoever has most already', () => {
      expect(full(read).add(read('greedy', 'one more'))?.name).toBe('one more')
    })

    it('takes the place of a read for a write, and never of a write for a read', () => {
      expect(full(read).add(write('greedy'))?.name).toBe('greedy 999')
      expect(full(write).add(read('modest'))?.name).toBe('modest')
    })

    it('takes the place of background work for anybody, and never for other background work', () => {
      const line = full(write)
      expect(line.add(look('too many'))?.name).toBe('too many')
      const all = lineOf(...Array.from({ length: 1_000 }, (_, index) => look(`look ${index}`)))
      expect(all.add(look('one more'))?.name).toBe('one more')
      expect(all.add(read('reader'))?.name).toBe('look 999')
      expect(all.add(write('writer'))?.name).toBe('look 998')
    })

    it('never grows', () => {
      const line = full(read)
      for (let index = 0; index < 100; index++) line.add(read(`caller ${index}`))
      expect(line.length).toBe(1_000)
      expect(takeAll(line).filter(name => name.startsWith('caller'))).toHaveLength(100)
    })
  })

  it('tells a newcomer how many turns come before', () => {
    const line = lineOf(...Array.from({ length: 100 }, () => read('greedy')), write('w'), write('w'))
    expect(line.turnsBefore(read('greedy'))).toBe(2 + 100)
    expect(line.turnsBefore(read('modest'))).toBe(2 + 1)
    expect(line.turnsBefore(write('modest'))).toBe(1)
    expect(line.turnsBefore(look('look'))).toBe(51)
    expect(lineOf(write('w'), read('r')).turnsBefore(look('look'))).toBe(2)
  })
})
