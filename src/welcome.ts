/**
 * What the gateway says at `/welcome.json` to whoever has not signed in: whether it shows the demo café, whose staff
 * codes and PINs everybody may know, and whether there is a business at all.
 */
import type { Queryable } from './platform/database.ts'

/** Anybody may ask, as often as they like: it is looked up once in this time. */
const keptMs = 5_000

export type Welcome = { demo: boolean; tenants: boolean }

export function createWelcome(db: Queryable, now = () => performance.now()): () => Promise<Welcome> {
  let kept: { at: number; answer: Promise<Welcome> } | undefined
  return () => {
    if (kept && now() - kept.at < keptMs) return kept.answer
    const answer = look(db)
    kept = { at: now(), answer }
    // A database that was away is asked again at once.
    answer.catch(() => {
      kept = undefined
    })
    return answer
  }
}

/** A tenant that calls itself "demo" and takes no PIN that anybody would guess is somebody's own. */
async function look(db: Queryable): Promise<Welcome> {
  const [welcome] = await db.rows<Welcome>(
    `select exists (select 1 from tenant) as tenants,
       exists (select 1 from tenant where tenant_id = 'demo' and not refuse_weak_pins) as demo`,
    [],
  )
  return welcome!
}
