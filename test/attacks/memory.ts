/**
 * `npm run attacks:memory [-- MINUTES]`: an hour (or so long) of the rows that try to be kept, one after the other
 * without a rest, and what the gateway's heap holds after each round; ends with 1 where that grew by 50 MB.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rows } from './rows/index.ts'
import { openStage } from './stage.ts'

/** Names, queries and numbers that are ever new, streams, connections; a round takes some seconds. */
const wanted =
  /operation names|no such name|with gaps|streams of events|tiny requests|under aliases|subscriptions/
const mostMb = 50

const minutes = Number(process.argv[2] ?? 60)
const folder = await mkdtemp(join(tmpdir(), 'modula-attacks-'))
const stage = await openStage({ DATA_DIR: folder })
const tried = rows.filter(({ name, lasts }) => wanted.test(name) && !lasts)

async function round(): Promise<{ heapMb: number; peakMb: number }> {
  let peak = 0
  for (const row of tried) peak = Math.max(peak, (await stage.attack(row, 0)).peakBytes ?? 0)
  return { heapMb: (await stage.gateway.heapBytes()) / 1e6, peakMb: peak / 1e6 }
}

// What runs for the first time stays: code, prepared statements, pools.
await round()
const begun = performance.now()
const before = await round()
let last = before
let rounds = 0
for (; performance.now() - begun < minutes * 60_000; rounds += 1) {
  last = await round()
  const at = ((performance.now() - begun) / 60_000).toFixed(1)
  console.log(`${at} min: heap ${last.heapMb.toFixed(1)} MB, peak ${last.peakMb.toFixed(0)} MB`)
}
await stage.close()
await rm(folder, { recursive: true })
const more = last.heapMb - before.heapMb
console.log(`${rounds} rounds of ${tried.length} rows: ${more >= 0 ? '+' : ''}${more.toFixed(1)} MB`)
process.exit(more < mostMb ? 0 : 1)
