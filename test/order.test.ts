import { afterAll, describe, expect, it } from 'vitest'

const PLACES = Array.from({ length: 12 }, (_, place) => place)

describe('the tests of a file run in another order than they are written', () => {
  const ran: number[] = []
  afterAll(() => {
    // A run of single tests has no order to speak of.
    if (ran.length === PLACES.length) expect(ran).not.toEqual(PLACES)
  })

  it.each(PLACES)('so this one, written at place %i, may run at any', place => {
    expect(ran).not.toContain(place)
    ran.push(place)
  })
})
