/**
 * Replays a file of café sales against a running gateway. A client like any other: what it does, it does through
 * the ordinary operations.
 */
import { catalogueOf } from './catalogue.ts'
import type { Gateway } from './gateway.ts'
import { createIds } from './ids.ts'
import type { Progress } from './progress.ts'
import { publish } from './publish.ts'
import { type Report, reportOf } from './report.ts'
import { readSalesFile } from './sales-file.ts'
import { sortOut } from './sort-out.ts'
import { createTally, outcomes, sessionOutcomes } from './tally.ts'
import { replayTills } from './tills.ts'
import type { OpenTill } from './transport.ts'

export type ReplayOptions = {
  file: string
  tenantId: string
  gateway: Gateway
  openTill: OpenTill
  /** Operations in a batch. */
  batchSize: number
  progress: Progress
  /** Milliseconds. */
  now: () => number
}

/** Throws a ReplayError where it cannot go on; whoever starts it again goes on where it stopped. */
export async function replay(options: ReplayOptions): Promise<Report> {
  const { file, tenantId, gateway, progress, now } = options
  const ids = createIds(tenantId)

  // 1. Read the file and sort its rows out.
  const rows = await readSalesFile(file)
  const sorted = sortOut(rows)

  // 2. Publish what the tills need.
  const published = await publish(gateway, tenantId, ids, sorted.stores, catalogueOf(rows))
  progress.note(`mutations for the catalogue: ${published.made} applied, ${published.known} applied before`)

  // 3. Replay the tills.
  const tally = createTally(Object.values(outcomes))
  const sessions = createTally(Object.values(sessionOutcomes))
  const began = now()
  progress.start(sorted.sales.length)
  const operations = await replayTills({ ...options, ...sorted, published, ids, tally, sessions }).finally(
    progress.stop,
  )
  const milliseconds = now() - began

  // 4. Read back what the gateway has, and compare.
  for (const { row, reason } of sorted.unusable) tally.add(`not sold: ${reason}`, row)
  return reportOf({
    gateway,
    tenantId,
    ids,
    rows: rows.length,
    sorted,
    outcomes: tally.lines(),
    sessions: sessions.lines(),
    sent: sorted.sales.length,
    operations,
    milliseconds,
  })
}
