import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../../src/platform/database.ts'

/** Resolves once so many sessions of this database wait for a lock. */
export async function lockWaiters(db: Database, count: number): Promise<void> {
  for (;;) {
    const [row] = await db.rows<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
      [],
    )
    if ((row?.waiting ?? 0) >= count) return
    await wait(5)
  }
}
