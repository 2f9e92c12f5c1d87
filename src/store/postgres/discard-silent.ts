import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'

/** The driver says this, and keeps the connection. */
const READ_TIMEOUT = 'Query read timeout'

/**
 * Discards a connection that has not answered in time. It may never answer, as after a firewall has forgotten it. Or it
 * answers later, in the middle of the work of somebody else, with a transaction that is still open.
 */
export function discardSilent(pool: PostgresPool): PostgresPool {
  return {
    connect: async () => new Connection(await pool.connect()),
    end: () => pool.end(),
  }
}

class Connection implements PostgresPoolClient {
  readonly #client: PostgresPoolClient
  #silence: Error | null = null

  constructor(client: PostgresPoolClient) {
    this.#client = client
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    return typeof sql === 'string' ? this.#ask(sql, parameters) : this.#client.query(sql)
  }

  release(destroy = false): void {
    this.#client.release(destroy || this.#silence !== null)
  }

  /** A connection that was silent is not asked again, not even for the end of its transaction. */
  async #ask<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.#silence !== null) throw this.#silence
    try {
      return await this.#client.query<R>(sql, parameters)
    } catch (error) {
      if (error instanceof Error && error.message === READ_TIMEOUT) this.#silence = error
      throw error
    }
  }
}
