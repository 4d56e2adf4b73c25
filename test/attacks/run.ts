/**
 * `npm run attacks [-- WORD]`: every row of the table (or those whose name has the word) against a gateway of its own,
 * longer than the tests do, with its figures; ends with 1 where a limit is not kept.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { rows } from './rows/index.ts'
import { type Attack, openStage, type Stage } from './stage.ts'
import type { Row } from './tools.ts'
import type { Measured } from './victim.ts'

const quietMs = 4_000
const attackMs = Number(process.env.ATTACK_MS ?? 5_000)
const restMs = 1_000

const limits = { times: 3, healthzMs: 100, peakMb: 512 }

/** Where the attack broke what is promised, in words. */
function faultsOf(row: Row, quiet: Measured, attack: Attack): string[] {
  const faults = attack.failures.slice(0, 2)
  const ratio = attack.till.p99 / quiet.till.p99
  if (ratio >= limits.times)
    faults.push(`the till's p99 is ${ratio.toFixed(1)} times that of a quiet gateway`)
  if (attack.healthz.p99 >= limits.healthzMs)
    faults.push(`/healthz took ${Math.round(attack.healthz.p99)} ms`)
  const peakMb = (attack.peakBytes ?? 0) / 1e6
  if (peakMb >= limits.peakMb) faults.push(`the process held ${Math.round(peakMb)} MB`)
  try {
    row.check(attack.outcome)
  } catch (error) {
    faults.push((error as Error).message)
  }
  return faults
}

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)}`.padStart(6)

function print(row: Row, quiet: Measured, attack: Attack, faults: readonly string[]): void {
  const { till, healthz, stallMs, peakBytes, tookMs, outcome } = attack
  console.log(`${faults.length > 0 ? 'FELL' : 'held'}  ${row.name}`)
  console.log(
    `      till p99${ms(quiet.till.p99)} ->${ms(till.p99)} ms (max${ms(till.max)}), healthz p99${ms(healthz.p99)} ms (max${ms(healthz.max)}), ` +
      `stall${ms(stallMs)} ms, peak ${peakBytes === null ? '?' : Math.round(peakBytes / 1e6)} MB, ${(tookMs / 1000).toFixed(1)} s`,
  )
  console.log(`      answered ${JSON.stringify(outcome)}`)
  for (const fault of faults) console.log(`      - ${fault}`)
}

async function runRow(stage: Stage, row: Row): Promise<boolean> {
  const quiet = await stage.quiet(row, quietMs)
  const attack = await stage.attack(row, attackMs)
  const faults = faultsOf(row, quiet, attack)
  print(row, quiet, attack, faults)
  await delay(restMs)
  return faults.length === 0
}

const [word = ''] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'modula-attacks-'))
let stage = await openStage({ DATA_DIR: folder })
let fell = 0
for (const row of rows.filter(({ name }) => name.includes(word))) {
  const held = await runRow(stage, row).catch((error: Error) => {
    console.log(`FELL  ${row.name}\n      - ${error.message}`)
    return false
  })
  if (!held) fell += 1
  if (stage.gateway.alive()) continue
  await stage.close()
  stage = await openStage({ DATA_DIR: folder })
}
await stage.close()
await rm(folder, { recursive: true })
console.log(fell === 0 ? 'all rows held' : `${fell} rows fell`)
process.exit(fell === 0 ? 0 : 1)
