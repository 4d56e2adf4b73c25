/** The attacker's process: makes one row's attack at a time, as it is told by messages. */
import { once } from 'node:events'
import { rows } from './rows/index.ts'
import type { Outcome, Target } from './tools.ts'

export type Order = { name: string; target: Omit<Target, 'begin'> }
/** `cpuMs`: of the processors, since the word. */
export type Told = 'ready' | { outcome: Outcome; cpuMs: number } | { failure: string }

const tell = (what: Told) => process.send!(what)

let atWord = process.cpuUsage()

/** Says that all is made, and waits for the word. */
async function ready(): Promise<void> {
  tell('ready')
  await once(process, 'message')
  atWord = process.cpuUsage()
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage(atWord)
  return (user + system) / 1_000
}

process.on('message', (order: Order | 'begin') => {
  if (order === 'begin') return
  const { name, target } = order
  let begun: Promise<void> | undefined
  const begin = () => {
    begun ??= ready()
    return begun
  }
  const row = rows.find((each) => each.name === name)
  const made = row ? row.attack({ ...target, begin }) : Promise.reject(new Error(`no row ${name}`))
  made.then(
    (outcome) => tell({ outcome, cpuMs: cpuMs() }),
    (error) => tell({ failure: String(error?.stack ?? error) }),
  )
})
process.once('disconnect', () => process.exit())
