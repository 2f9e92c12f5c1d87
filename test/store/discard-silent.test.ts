import type { PostgresPoolClient } from 'kysely'
import { expect, it } from 'vitest'
import { discardSilent } from '../../src/store/postgres/discard-silent.ts'

it('a connection that did not answer in time is asked nothing more, and is discarded', async () => {
  const asked: string[] = []
  const released: (boolean | undefined)[] = []
  const answers = [new Error('Query read timeout'), new Error('another error')]
  const client: PostgresPoolClient = {
    query(statement: unknown) {
      asked.push(String(statement))
      throw answers.pop()
    },
    release: destroy => void released.push(destroy),
  }
  const pool = discardSilent({ connect: async () => client, end: async () => {} })
  const [healthy, silent] = [await pool.connect(), await pool.connect()]
  await expect(healthy.query('update', [])).rejects.toThrow('another error')
  healthy.release()
  await expect(silent.query('update', [])).rejects.toThrow('Query read timeout')
  await expect(silent.query('rollback', [])).rejects.toThrow('Query read timeout')
  silent.release()
  expect(asked).toEqual(['update', 'update'])
  expect(released).toEqual([false, true])
})
