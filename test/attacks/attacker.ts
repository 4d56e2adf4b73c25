/** The attacker's process: makes one row's attack at a time, as it is told by messages. */
import { rows } from './rows/index.ts'
import type { Outcome, Target } from './tools.ts'

export type Order = { name: string; target: Target }
export type Told = { outcome: Outcome } | { failure: string }

process.on('message', ({ name, target }: Order) => {
  const row = rows.find((each) => each.name === name)
  const made = row ? row.attack(target) : Promise.reject(new Error(`no row ${name}`))
  made.then(
    (outcome) => process.send!({ outcome } satisfies Told),
    (error) => process.send!({ failure: String(error?.stack ?? error) } satisfies Told),
  )
})
process.once('disconnect', () => process.exit())
