/**
 * `npm run proof:export -- TENANT BRANCH FROM TO > FILE`: the closings that were recorded from one time on and before another,
 * as JSON lines (docs/proof.md). DATABASE_URL says which database.
 */
import { exportPage } from '../src/modules/closing/export.ts'
import { openDatabase } from '../src/platform/database.ts'

const [tenantId, branchId, from, to] = process.argv.slice(2)
const [since, until] = [new Date(from ?? ''), new Date(to ?? '')]
const { DATABASE_URL: url } = process.env

if (!tenantId || !branchId || Number.isNaN(since.getTime()) || Number.isNaN(until.getTime()) || !url) {
  console.error(
    'usage: DATABASE_URL=... npm run proof:export -- TENANT BRANCH FROM TO > FILE   (times as ISO 8601)',
  )
  process.exitCode = 1
} else {
  const db = openDatabase({ url, poolSize: 1, statementTimeoutMs: 60_000, lockTimeoutMs: 10_000 })
  try {
    let after: string | null = null
    do {
      const page = await exportPage(
        db.tenant(tenantId),
        { tenantId, branchId, from: since, to: until },
        after,
      )
      for (const line of page.lines) console.log(line)
      after = page.next
    } while (after !== null)
  } finally {
    await db.close()
  }
}
