import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/**
 * Resolves once so many sessions of a database wait for a lock. It has a connection of its own: within a transaction,
 * the first look at pg_stat_activity is kept for all later ones.
 */
export async function lockWaiters(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    while ((await waiting(client)) < count) await wait(5)
  } finally {
    await client.end()
  }
}

async function waiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0].waiting
}
