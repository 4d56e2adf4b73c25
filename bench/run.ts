/**
 * `npm run bench` measures everything against one PostgreSQL and prints one table. A group of scenarios that ran as a
 * whole is kept in results.md. `npm run bench -- push pull` measures what is named; `--profile` adds where the gateways
 * spent their time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { appsPaint } from './apps-paint.ts'
import { chain } from './chain.ts'
import { clientDrain } from './client-drain.ts'
import { clientEnqueue } from './client-enqueue.ts'
import { clientHydrate } from './client-hydrate.ts'
import { clientNudge } from './client-nudge.ts'
import { clientPast } from './client-past.ts'
import { cluster } from './cluster.ts'
import { fairness } from './fairness.ts'
import { history } from './history.ts'
import { line } from './line.ts'
import { nudgeFanout } from './nudge-fanout.ts'
import { nudgeLatency } from './nudge-latency.ts'
import { priceFanout } from './price-fanout.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { rowSecurity } from './row-security.ts'
import { scale } from './scale.ts'
import { printProfiles } from './support/profile.ts'
import { type Line, table } from './support/report.ts'
import { keepResults } from './support/results.ts'
import { openStage, type Stage } from './support/stage.ts'
import { till } from './till.ts'
import { volume } from './volume.ts'

type Scenario = (stage: Stage) => Promise<Line[]>

const groups: Record<string, Record<string, Scenario>> = {
  Gateway: {
    push,
    pull,
    'nudge-latency': nudgeLatency,
    'nudge-fanout': nudgeFanout,
    'price-fanout': priceFanout,
    history,
    chain,
    fairness,
    'row-security': rowSecurity,
  },
  Scale: {
    scale,
    volume,
  },
  Client: {
    'client-enqueue': clientEnqueue,
    'client-drain': clientDrain,
    'client-hydrate': clientHydrate,
    'client-nudge': clientNudge,
    'client-past': clientPast,
  },
  Line: {
    line,
  },
  Cluster: {
    cluster,
  },
  Apps: {
    'apps-paint': appsPaint,
  },
  Till: {
    till,
  },
}
const scenarios: Record<string, Scenario> = Object.assign({}, ...Object.values(groups))

const { values, positionals } = parseArgs({
  options: { profile: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.find((name) => !scenarios[name])
if (unknown) {
  console.error(`there is no scenario "${unknown}": ${Object.keys(scenarios).join(', ')}`)
  process.exit(1)
}
const profileFolder = values.profile ? await mkdtemp(join(tmpdir(), 'modula-profile-')) : undefined

// An end from outside becomes an ordinary exit, at which the embedded PostgreSQL is stopped as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const stage = await openStage({ profileFolder })
const measured = new Map<string, Line[]>()
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(scenarios)) {
    const start = performance.now()
    measured.set(name, await scenarios[name]!(stage))
    console.log(`${name}: ${Math.round((performance.now() - start) / 1000)} s`)
    if (profileFolder) await printProfiles(profileFolder)
  }
} finally {
  await stage.close()
  if (profileFolder) await rm(profileFolder, { recursive: true })
}
console.log(table([...measured.values()].flat()))
for (const [group, members] of Object.entries(groups)) {
  const names = Object.keys(members)
  const isWhole = !values.profile && names.every((name) => measured.has(name))
  if (isWhole)
    await keepResults(
      group,
      names.flatMap((name) => measured.get(name)!),
      stage.postgresVersion,
    )
}
process.exit(0)
