/**
 * `npm run bench` measures everything against one PostgreSQL and prints one table, which it keeps in results.md.
 * `npm run bench -- push pull` measures what is named; `--profile` adds where the gateways spent their time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { clientDrain } from './client-drain.ts'
import { clientEnqueue } from './client-enqueue.ts'
import { clientHydrate } from './client-hydrate.ts'
import { clientNudge } from './client-nudge.ts'
import { history } from './history.ts'
import { nudgeFanout } from './nudge-fanout.ts'
import { nudgeLatency } from './nudge-latency.ts'
import { priceFanout } from './price-fanout.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { printProfiles } from './support/profile.ts'
import { type Line, table } from './support/report.ts'
import { keepResults } from './support/results.ts'
import { openStage, type Stage } from './support/stage.ts'

const scenarios: Record<string, (stage: Stage) => Promise<Line[]>> = {
  push,
  pull,
  'nudge-latency': nudgeLatency,
  'nudge-fanout': nudgeFanout,
  'price-fanout': priceFanout,
  history,
  'client-enqueue': clientEnqueue,
  'client-drain': clientDrain,
  'client-hydrate': clientHydrate,
  'client-nudge': clientNudge,
}

const { values, positionals } = parseArgs({
  options: { profile: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.find((name) => !scenarios[name])
if (unknown) {
  console.error(`there is no scenario "${unknown}": ${Object.keys(scenarios).join(', ')}`)
  process.exit(1)
}
const isFull = positionals.length === 0 && !values.profile
const profileFolder = values.profile ? await mkdtemp(join(tmpdir(), 'modula-profile-')) : undefined

// An end from outside becomes an ordinary exit, at which the embedded PostgreSQL is stopped as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const stage = await openStage({ profileFolder })
const lines: Line[] = []
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(scenarios)) {
    const start = performance.now()
    lines.push(...(await scenarios[name]!(stage)))
    console.log(`${name}: ${Math.round((performance.now() - start) / 1000)} s`)
    if (profileFolder) await printProfiles(profileFolder)
  }
} finally {
  await stage.close()
  if (profileFolder) await rm(profileFolder, { recursive: true })
}
console.log(table(lines))
if (isFull) await keepResults(lines, stage.postgresVersion)
process.exit(0)
