/**
 * What one tenant may do while another is about: a third of the time, reckoned by what its work costs and not by how long it
 * took, which others may be the reason of. Connections and places can be shared out by counting; processors only by not
 * asking for them all the time. Where one tenant has the gateway to itself, or asks for little, nothing of this is.
 */
import { setTimeout } from 'node:timers/promises'
import type { Company } from './company.ts'
import { FairTurns, inTurn } from './fair-turns.ts'
import { restTimes, workedMs } from './yielding.ts'

/** Work that a tenant may have done before it waits for its share: a batch of 100 sales and a few single ones. */
const creditMs = 50
/** Whoever of a tenant has had more than this of it of late waits until nothing is owed, and leaves the credit to the others. */
const littleMs = 25
/** Whoever waits for a lock in the database takes nothing from others: after so long the tenant's next may begin. */
const patienceMs = 100
/** Tenants that are kept account of; whoever owes nothing is forgotten where there are more. */
const mostAccounts = 1_000
/** So much is reckoned before it is compared with what it came to, and that counts for a quarter of what is known. */
const enoughMs = 500
/**
 * A batch of thirty or more. What is less is never taken for more than it is reckoned at: what somebody makes the thread do
 * beside their batches would be charged to a till that pushes sale by sale.
 */
const muchMs = 10
/** Between one piece of work and the next: what was worked after a longer pause was not its. */
const pauseMs = 250
/** A machine may be ten times as quick, or eight times as slow. */
const paces = { least: 0.1, most: 8 }
/** For what this thread works PostgreSQL works half as much again, as a rule: 34 ms a batch of 100 sales, 13 of them here. */
const withDatabase = 2.5

/**
 * What operations take of a processor, of this process and of PostgreSQL, on the machine that bench/results.md names: what
 * they come to on another one is found out.
 */
export const costOfOperations = (count: number, bytes: number): number => 2 + 0.25 * count + bytes / 30_000
/** What a request takes until it is understood and its operations are looked at one by one. */
export const costOfRequest = (bytes: number): number => 1.25 + bytes / 10_000
/** What is read for nothing, or an answer until it has left. */
export const costOfBytes = (bytes: number): number => 1.25 + bytes / 50_000

const personOf = (tenantId: string, who: string) => `${tenantId}\u0000${who}`

export class TenantShare {
  readonly #tenants: Company
  readonly #workedMs: () => number
  /** What costs come to here, of what they are reckoned at. */
  #pace = 1
  #reckonedMs = 0
  #cameMs = 0
  #last: { at: number; workedMs: number; costMs: number } | null = null
  /** When what a tenant has done will have been its share, and what each of its people has. */
  readonly #paid = new Map<string, number>()
  readonly #lanes = new Map<string, { turns: FairTurns; inLine: number; waitMs: number }>()

  /** `tenants`: which of them have asked of late. `worked`: as workedMs. */
  constructor(tenants: Company, worked = workedMs) {
    this.#tenants = tenants
    this.#workedMs = worked
  }

  /** What the tenant has done counts for what it does next; `who` of it, where that is known. */
  charge(tenantId: string, costMs: number, who?: string): void {
    this.#reckon(costMs)
    if (!this.#tenants.isAbout(tenantId)) return
    const now = performance.now()
    if (this.#paid.size >= mostAccounts)
      for (const [each, paid] of this.#paid) if (paid <= now) this.#paid.delete(each)
    for (const name of who === undefined ? [tenantId] : [tenantId, personOf(tenantId, who)])
      this.#paid.set(name, Math.max(now, this.#paid.get(name) ?? 0) + this.#timeFor(costMs))
  }

  /** Milliseconds in which work of that cost is a tenant's share. */
  #timeFor(costMs: number): number {
    const pace = costMs > muchMs ? this.#pace : Math.min(1, this.#pace)
    return (1 + restTimes) * pace * costMs
  }

  /** All that the thread did between this work and the next is taken for this work's. */
  #reckon(costMs: number): void {
    const [at, workedMs, last] = [performance.now(), this.#workedMs(), this.#last]
    this.#last = { at, workedMs, costMs }
    if (!last || at - last.at > pauseMs) return
    this.#reckonedMs += last.costMs
    this.#cameMs += withDatabase * (workedMs - last.workedMs)
    if (this.#reckonedMs < enoughMs) return
    const pace = Math.max(paces.least, Math.min(paces.most, this.#cameMs / this.#reckonedMs))
    this.#pace += (pace - this.#pace) / 4
    this.#reckonedMs = 0
    this.#cameMs = 0
  }

  /**
   * `work` of this tenant that costs so much, when its share allows; `who` of the tenant wants it. What has to wait is done
   * one after the other, the tenant's people by turns; who has had little waits behind none of it while there is credit.
   */
  async run<T>(tenantId: string, who: string, costMs: number, work: () => Promise<T>): Promise<T> {
    const begin = () => {
      this.charge(tenantId, costMs, who)
      return work()
    }
    while (!this.#hasHadMuch(tenantId, who)) {
      const owedMs = this.#owedMs(tenantId, who)
      if (owedMs === 0) return begin()
      await setTimeout(owedMs)
    }
    if (!this.#lanes.has(tenantId) && this.#owedMs(tenantId, who) === 0) return begin()
    const queue = (turn: () => Promise<void>) =>
      this.#inLane(tenantId, who, costMs, async () => {
        for (let owedMs = this.#owedMs(tenantId, who); owedMs > 0; owedMs = this.#owedMs(tenantId, who))
          await setTimeout(owedMs)
        this.charge(tenantId, costMs, who)
        await turn()
      })
    return inTurn(queue, patienceMs, work)
  }

  #hasHadMuch(tenantId: string, who: string): boolean {
    const paid = this.#paid.get(personOf(tenantId, who)) ?? 0
    return paid - performance.now() > (1 + restTimes) * littleMs
  }

  /** Milliseconds until the tenant's next may begin, or what this one of it wants; none where nobody else is about. */
  #owedMs(tenantId: string, who?: string): number {
    const paid = this.#paid.get(tenantId)
    if (paid === undefined || !this.#tenants.isAbout(tenantId)) return 0
    const credit = who !== undefined && this.#hasHadMuch(tenantId, who) ? 0 : (1 + restTimes) * creditMs
    return Math.max(0, paid - performance.now() - credit)
  }

  /** How long whoever comes now would wait for all that the tenant has asked for before. */
  waitMs(tenantId: string): number {
    const lane = this.#lanes.get(tenantId)
    return this.#owedMs(tenantId) + (lane?.waitMs ?? 0)
  }

  async #inLane(tenantId: string, who: string, costMs: number, turn: () => Promise<void>): Promise<void> {
    const lane = this.#lanes.get(tenantId) ?? { turns: new FairTurns({ most: 1 }), inLine: 0, waitMs: 0 }
    this.#lanes.set(tenantId, lane)
    const timeMs = this.#timeFor(costMs)
    lane.inLine += 1
    lane.waitMs += timeMs
    await lane.turns.run(who, turn)
    lane.inLine -= 1
    lane.waitMs -= timeMs
    if (lane.inLine === 0) this.#lanes.delete(tenantId)
  }
}
