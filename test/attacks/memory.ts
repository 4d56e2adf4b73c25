/**
 * `npm run attacks:memory [-- MINUTES]`: an hour (or so long) of the rows that try to be kept, one after the other
 * without a rest, and what the gateway's heap and its process hold after each round; ends with 1 where either is 50 MB more
 * than after the first.
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

type Round = { heapMb: number; heldMb: number; peakMb: number }
async function round(): Promise<Round> {
  let peak = 0
  for (const row of tried) peak = Math.max(peak, (await stage.attack(row, 0)).peakBytes ?? 0)
  const heapMb = (await stage.gateway.heapBytes()) / 1e6
  return { heapMb, heldMb: (stage.gateway.heldBytes() ?? 0) / 1e6, peakMb: peak / 1e6 }
}
const told = ({ heapMb, heldMb, peakMb }: Round) =>
  `heap ${heapMb.toFixed(1)} MB, process ${heldMb.toFixed(0)} MB, peak ${peakMb.toFixed(0)} MB`

// What runs for the first time stays: code, prepared statements, pools.
await round()
const begun = performance.now()
const before = await round()
console.log(`before: ${told(before)}`)
let last = before
let rounds = 0
for (; performance.now() - begun < minutes * 60_000; rounds += 1) {
  last = await round()
  const at = ((performance.now() - begun) / 60_000).toFixed(1)
  console.log(`${at} min: ${told(last)}`)
}
await stage.close()
await rm(folder, { recursive: true })
const more = { heap: last.heapMb - before.heapMb, process: last.heldMb - before.heldMb }
console.log(
  `${rounds} rounds of ${tried.length} rows: heap ${more.heap.toFixed(1)} MB more, process ${more.process.toFixed(1)} MB`,
)
process.exit(Math.max(more.heap, more.process) < mostMb ? 0 : 1)
