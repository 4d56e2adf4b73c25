/**
 * The gateway, its attacker and those who must not notice, each where it is in life: the gateway and the attacker in
 * processes of their own, the measuring here.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { platform } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Order, Told } from './attacker.ts'
import { type Bare, startBare } from './bare.ts'
import { type Attacked, startAttacked } from './gateway.ts'
import { gather, openDrawer, type People } from './people.ts'
import { isShort, type Outcome, type Row } from './tools.ts'
import { type Measured, measure, type Victim } from './victim.ts'

export type Attack = Measured & {
  outcome: Outcome
  /** The longest that the gateway's event loop stood still, in ms. */
  stallMs: number
  /** The longest turn of it by the processor's time, which is the gateway's own doing however busy the machine is. */
  turnMs: number
  /** The most memory that its process held, in bytes; null where no system tells. */
  peakBytes: number | null
  tookMs: number
  /**
   * What the gateway's process took of the processors meanwhile (the victim's part too), and what the attacker's: where his
   * is more, somebody with better tools may do more harm.
   */
  cpuMs: { gateway: number; attacker: number }
}

export type Stage = {
  gateway: Attacked
  /** What the victim of the row measures while nobody attacks. */
  quiet(row: Row | null, forMs: number): Promise<Measured>
  /** Makes the attack, for so long and at least one round of it. Throws where the gateway or the attacker fell. */
  attack(row: Row, forMs: number): Promise<Attack>
  /**
   * The same attacker, at a bare server that refuses everything at once: what the victim at the gateway loses by sharing
   * its processors with the attacker, whatever the gateway does. Null where the attack needs more than refusals.
   */
  beside(row: Row, forMs: number): Promise<Measured | null>
  close(): Promise<void>
}

/** Opens on a migrated database that is empty. */
export async function openStage(env: Record<string, string>): Promise<Stage> {
  const gateway = await startAttacked(env)
  const { base } = gateway
  const people = await gather(base)
  const victims = {
    rival: await drawer(base, people, 'victim', 'rival-1'),
    neighbour: await drawer(base, people, 'neighbour', 'riverside'),
  }
  const victimOf = (row: Row | null) => victims[row?.victim ?? 'rival']
  const attacker = fork(join(import.meta.dirname, 'attacker.ts'), { execArgv: [] })
  let attacks = 0
  let bare: Bare | undefined

  return {
    gateway,
    quiet: (row, forMs) => measure(base, victimOf(row), () => delay(forMs)),
    async attack(row, forMs) {
      const address = addressOf(attacks++)
      gateway.peakBytes()
      await gateway.stallMs()
      await gateway.turnMs()
      await gateway.cpuMs()
      let made: Made = { outcome: {}, cpuMs: 0 }
      const attack = await prepare(attacker, { name: row.name, target: { base, people, address, forMs } })
      const began = performance.now()
      const work = async () => {
        made = await attack()
      }
      const measured = await measure(base, victimOf(row), work, isShort({ forMs }) ? 4 : 1)
      const tookMs = performance.now() - began
      if (!gateway.alive()) throw new Error('the gateway did not live through it')
      return {
        ...measured,
        outcome: made.outcome,
        stallMs: await gateway.stallMs(),
        turnMs: await gateway.turnMs(),
        peakBytes: gateway.peakBytes(),
        tookMs,
        cpuMs: { gateway: await gateway.cpuMs(), attacker: made.cpuMs },
      }
    },
    async beside(row, forMs) {
      bare ??= await startBare()
      const target = { base: bare.base, people, address: addressOf(attacks++), forMs }
      try {
        return await measure(base, victimOf(row), await prepare(attacker, { name: row.name, target }))
      } catch {
        return null
      }
    },
    async close() {
      attacker.disconnect()
      bare?.stop()
      await gateway.stop()
    },
  }
}

async function drawer(
  base: string,
  people: People,
  who: 'victim' | 'neighbour',
  branchId: string,
): Promise<Victim> {
  const person = people[who]
  return { person, branchId, cashSessionId: await openDrawer(base, person, branchId) }
}

/** Each attack comes from an address of its own: what one has used up is not the next one's lack. Linux has them all. */
const addressOf = (n: number) =>
  platform() === 'linux' ? `127.0.${1 + (n >> 7)}.${1 + (n & 127)}` : undefined

type Made = { outcome: Outcome; cpuMs: number }

/** Has all made that is to be sent; what is returned makes the attack. */
async function prepare(attacker: ChildProcess, what: Order): Promise<() => Promise<Made>> {
  const made = await say(attacker, what)
  if (made !== 'ready') throw new Error(`the attacker has not waited: ${JSON.stringify(made)}`)
  return async () => {
    const told = await say(attacker, 'begin')
    if (told === 'ready') throw new Error('the attacker begins twice')
    if ('failure' in told) throw new Error(`the attacker: ${told.failure}`)
    return told
  }
}

async function say(attacker: ChildProcess, what: Order | 'begin'): Promise<Told> {
  const told = once(attacker, 'message')
  attacker.send(what)
  return ((await told) as [Told])[0]
}
