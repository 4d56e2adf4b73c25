/**
 * `npm run attacks [-- WORD...]`: every row of the table (or those whose name has one of the words) against a gateway of
 * its own, longer than the tests do, with its figures; ends with 1 where a limit is not kept.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { rows } from './rows/index.ts'
import { type Attack, openStage, type Stage } from './stage.ts'
import type { Row } from './tools.ts'
import type { Measured } from './victim.ts'

const quietMs = Number(process.env.QUIET_MS ?? 4_000)
const attackMs = Number(process.env.ATTACK_MS ?? 5_000)
const restMs = 1_000

const limits = { times: 3, healthzMs: 100, stallMs: 50, peakMb: 512 }

/**
 * What was measured: before, while it was attacked, and (where the till waited too long) while the same attacker was at
 * a bare server beside the gateway, which shows what the attacker's share of the two cores alone costs.
 */
type Figures = { quiet: Measured; attack: Attack; beside: Measured | null }

const timesOf = (attack: Measured, other: Measured) => attack.till.p99 / other.till.p99

/** Where the attack broke what is promised, in words. */
function faultsOf(row: Row, { quiet, attack, beside }: Figures): string[] {
  const faults = attack.failures.slice(0, 2)
  if (timesOf(attack, quiet) >= limits.times) {
    const inherent = beside
      ? `; ${timesOf(attack, beside).toFixed(1)} times that beside its attacker alone`
      : ''
    faults.push(
      `the till's p99 is ${timesOf(attack, quiet).toFixed(1)} times that of a quiet gateway${inherent}`,
    )
  }
  if (attack.healthz.p99 >= limits.healthzMs)
    faults.push(`/healthz took ${Math.round(attack.healthz.p99)} ms`)
  if (attack.stallMs >= limits.stallMs)
    faults.push(
      `a turn of the loop took ${Math.round(attack.stallMs)} ms, ${Math.round(attack.turnMs)} of its own`,
    )
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

function print(row: Row, { quiet, attack, beside }: Figures, faults: readonly string[]): void {
  const { till, healthz, stallMs, turnMs, peakBytes, tookMs, cpuMs, outcome } = attack
  console.log(`${faults.length > 0 ? 'FELL' : 'held'}  ${row.name}`)
  console.log(
    `      till p99${ms(quiet.till.p99)} ->${ms(till.p99)} ms (max${ms(till.max)}${beside ? `; beside its attacker${ms(beside.till.p99)}` : ''}), healthz p99${ms(healthz.p99)} ms (max${ms(healthz.max)}), ` +
      `stall${ms(stallMs)} ms (own${ms(turnMs)}), peak ${peakBytes === null ? '?' : Math.round(peakBytes / 1e6)} MB, ${(tookMs / 1000).toFixed(1)} s (processors: gateway ${(cpuMs.gateway / 1000).toFixed(1)}, attacker ${(cpuMs.attacker / 1000).toFixed(1)})`,
  )
  console.log(`      answered ${JSON.stringify(outcome)}`)
  for (const fault of faults) console.log(`      - ${fault}`)
}

async function runRow(stage: Stage, row: Row): Promise<boolean> {
  const quiet = await stage.quiet(row, quietMs)
  const attack = await stage.attack(row, attackMs)
  const beside = timesOf(attack, quiet) < limits.times ? null : await stage.beside(row, attackMs)
  const faults = faultsOf(row, { quiet, attack, beside })
  print(row, { quiet, attack, beside }, faults)
  await delay(restMs)
  return faults.length === 0
}

const words = process.argv.slice(2)
const isWanted = ({ name }: Row) => words.length === 0 || words.some((word) => name.includes(word))
const wanted = rows.filter(isWanted)
if (wanted.length === 0) {
  console.error(`no row has ${words.map((word) => `"${word}"`).join(' or ')} in its name`)
  process.exit(2)
}
const folder = await mkdtemp(join(tmpdir(), 'modula-attacks-'))
/** What runs for the first time takes longer: not measured. */
async function openWarm(): Promise<Stage> {
  const opened = await openStage({ DATA_DIR: folder })
  await opened.quiet(null, quietMs)
  return opened
}

let stage = await openWarm()
let fell = 0
for (const row of wanted) {
  const held = await runRow(stage, row).catch((error: Error) => {
    console.log(`FELL  ${row.name}\n      - ${error.message}`)
    return false
  })
  if (!held) fell += 1
  if (stage.gateway.alive()) continue
  await stage.close()
  stage = await openWarm()
}
await stage.close()
await rm(folder, { recursive: true })
console.log(fell === 0 ? 'all rows held' : `${fell} rows fell`)
process.exit(fell === 0 ? 0 : 1)
