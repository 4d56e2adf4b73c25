/** The attacker's process: makes one row's attack at a time, as it is told by messages. */
import { once } from 'node:events'
import { rows } from './rows/index.ts'
import type { Outcome, Target } from './tools.ts'

export type Order = { name: string; target: Omit<Target, 'begin'> }
export type Told = 'ready' | { outcome: Outcome } | { failure: string }

const tell = (what: Told) => process.send!(what)

/** Says that all is made, and waits for the word. */
async function ready(): Promise<void> {
  tell('ready')
  await once(process, 'message')
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
    (outcome) => tell({ outcome }),
    (error) => tell({ failure: String(error?.stack ?? error) }),
  )
})
process.once('disconnect', () => process.exit())
