/**
 * What one tenant may do while another is about: a third of a processor's time, and of what costs much a ninth, reckoned by what
 * its work costs and not by how long it took, which others may be the reason of. Connections and places can be shared out by
 * counting; processors only by not asking for them all the time. Where one tenant has the gateway to itself, or asks for
 * little, nothing of this is.
 */
import { setTimeout } from 'node:timers/promises'
import type { Company } from './company.ts'
import { FairTurns, inTurn } from './fair-turns.ts'
import { Passing } from './passing.ts'
import { workedMs } from './yielding.ts'

/**
 * In so many times as long as its work takes it is a tenant's share. Batches one after the other in a third of the time stood
 * in the way of one in ten of what others asked for, in a ninth of one in fifty; what is little stands in nobody's for long.
 */
const times = { little: 3, much: 9 }
/** Time that a tenant may owe before it waits for its share: that of a batch of 100 sales and a few dozen single ones. */
const creditMs = 450
/** Whoever of a tenant owes more than this waits until it owes nothing, and leaves the credit to the others. */
const littleMs = 225
/**
 * Whoever waits for a lock in the database takes nothing from others: after so long the tenant's next may begin. A batch of
 * 100 sales takes a third of it on a slow machine.
 */
const patienceMs = 500
/** Tenants that are kept account of; whoever owes nothing is forgotten where there are more. */
const mostAccounts = 1_000
/** So much is reckoned before it is compared with what it came to, and that counts for a quarter of what is known. */
const enoughMs = 500
/**
 * A batch of sixteen or more, in a request of 30 kB or more. What is less is never taken for more than it is reckoned at: what
 * somebody makes the thread do beside their batches would be charged to a till that pushes sale by sale.
 */
const muchMs = 6
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
/** As many bytes have as many values as a batch may: what is longer has longer texts, which cost little. */
const mostValuesBytes = 1_000_000
/** What a request takes until it is understood and its operations are looked at one by one. */
export const costOfRequest = (bytes: number): number =>
  1.25 + Math.min(bytes, mostValuesBytes) / 7_000 + Math.max(0, bytes - mostValuesBytes) / 50_000
/** What is read for nothing, or an answer until it has left. */
export const costOfBytes = (bytes: number): number => 1.25 + bytes / 50_000

/** What a question is reckoned at until it is known what it took, and at most: a lock that it waits for takes nothing from others. */
const questionMs = { least: 1.25, most: 150 }

/** So long at most a step of long work lets others pass. */
const passMs = 10

const personOf = (tenantId: string, who: string) => `${tenantId}\u0000${who}`
/** Requests that begin do not stand before what has begun. */
const laneOf = (tenantId: string, begins: boolean) => `${tenantId}\u0000${begins ? 'begins' : 'begun'}`

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
  /** Of a person's questions one. */
  readonly #asking = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: 1 })
  readonly #passing: Passing

  /** `tenants`: which of them have asked of late. `worked`: as workedMs. */
  constructor(tenants: Company, worked = workedMs, passing = new Passing()) {
    this.#tenants = tenants
    this.#workedMs = worked
    this.#passing = passing
  }

  /** What the tenant has done counts for what it does next; `who` of it, where that is known. */
  charge(tenantId: string, costMs: number, who?: string): void {
    this.#reckon(costMs)
    this.#owe(tenantId, this.#timeFor(costMs), who)
  }

  #owe(tenantId: string, ms: number, who?: string): void {
    if (!this.#tenants.isAbout(tenantId)) return
    const now = performance.now()
    if (this.#paid.size >= mostAccounts)
      for (const [each, paid] of this.#paid) if (paid <= now) this.#paid.delete(each)
    for (const name of who === undefined ? [tenantId] : [tenantId, personOf(tenantId, who)])
      this.#paid.set(name, Math.max(now, this.#paid.get(name) ?? 0) + ms)
  }

  /** Milliseconds in which work of that cost is a tenant's share. */
  #timeFor(costMs: number): number {
    const perMs = costMs > muchMs ? times.much * this.#pace : times.little * Math.min(1, this.#pace)
    return perMs * costMs
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
   * one after the other, the tenant's people by turns, and so is beside another tenant what costs much, whatever the
   * credit: side by side it would take all processors at once. Other work of who has had little waits behind none of it
   * while there is credit. What `begins` and costs much does so when nothing is owed, so that what has begun is over first.
   */
  async run<T>(
    tenantId: string,
    who: string,
    costMs: number,
    work: () => Promise<T>,
    { begins = false } = {},
  ): Promise<T> {
    const begin = () => {
      this.charge(tenantId, costMs, who)
      return work()
    }
    const isMuch = costMs > muchMs && this.#tenants.isAbout(tenantId)
    while (!isMuch && !this.#hasHadMuch(tenantId, who)) {
      const owedMs = this.#owedMs(tenantId, who)
      if (owedMs === 0) return begin()
      await setTimeout(owedMs)
    }
    const lane = laneOf(tenantId, begins)
    if (!isMuch && !this.#lanes.has(lane) && this.#owedMs(tenantId, who) === 0) return begin()
    const owedMs = () => this.#owedMs(tenantId, who, isMuch && begins)
    const queue = (turn: () => Promise<void>) =>
      this.#inLane(lane, who, costMs, async (charged) => {
        for (let ms = owedMs(); ms > 0; ms = owedMs()) await setTimeout(ms)
        this.charge(tenantId, costMs, who)
        charged()
        await turn()
      })
    return inTurn(queue, patienceMs, work)
  }

  /**
   * Asks a question for this tenant, when its share allows. What the answer takes only PostgreSQL finds out: beside another
   * tenant it counts, when it is there, for what is asked next, by how long it took. So one of a person's is asked after the
   * other: of eight at once each would be the reason of how long the others take.
   */
  async ask<T>(tenantId: string, who: string, question: () => Promise<T>): Promise<T> {
    if (!this.isInCompany(tenantId)) return question()
    const charged = async () => {
      const began = performance.now()
      try {
        return await question()
      } finally {
        const tookMs = Math.min(performance.now() - began, questionMs.most)
        this.#owe(tenantId, times.little * tookMs, who)
      }
    }
    return this.#asking.run(personOf(tenantId, who), () => this.run(tenantId, who, questionMs.least, charged))
  }

  /** Somebody asks for something; returns what says that they have it. Who asks for little, and has had little, is let pass. */
  pass(tenantId: string, who: string, costMs: number): () => void {
    if (costMs > muchMs || this.#hasHadMuch(tenantId, who)) return () => {}
    return this.#passing.enter(tenantId)
  }

  /**
   * Between two steps of a tenant's long work: resolves when nobody of another tenant is to be let pass. At most a sixth of
   * the time is its, where steps take 2 ms and there is always somebody.
   */
  async letPass(tenantId: string): Promise<void> {
    const until = performance.now() + passMs
    while (this.#passing.isBeside(tenantId) && performance.now() < until) await setTimeout(1)
  }

  /** Whether another tenant is about. */
  isInCompany(tenantId: string): boolean {
    return this.#tenants.isAbout(tenantId)
  }

  #hasHadMuch(tenantId: string, who: string): boolean {
    const paid = this.#paid.get(personOf(tenantId, who)) ?? 0
    return paid - performance.now() > littleMs
  }

  /** Milliseconds until the tenant's next may begin, or what this one of it wants; none where nobody else is about. */
  #owedMs(tenantId: string, who?: string, allOfIt = false): number {
    const paid = this.#paid.get(tenantId)
    if (paid === undefined || !this.#tenants.isAbout(tenantId)) return 0
    const hasNone = allOfIt || (who !== undefined && this.#hasHadMuch(tenantId, who))
    const credit = hasNone ? 0 : creditMs
    return Math.max(0, paid - performance.now() - credit)
  }

  /** How long whoever comes now would wait for all that the tenant has asked for before. */
  waitMs(tenantId: string): number {
    const inLanes = [true, false].map((begins) => this.#lanes.get(laneOf(tenantId, begins))?.waitMs ?? 0)
    return inLanes.reduce((sum, waitMs) => sum + waitMs, this.#owedMs(tenantId))
  }

  async #inLane(
    name: string,
    who: string,
    costMs: number,
    turn: (charged: () => void) => Promise<void>,
  ): Promise<void> {
    const lane = this.#lanes.get(name) ?? { turns: new FairTurns({ most: 1 }), inLine: 0, waitMs: 0 }
    this.#lanes.set(name, lane)
    const timeMs = this.#timeFor(costMs)
    lane.inLine += 1
    lane.waitMs += timeMs
    // From then on it is among what the tenant owes.
    const charged = () => {
      lane.waitMs -= timeMs
    }
    await lane.turns.run(who, () => turn(charged))
    lane.inLine -= 1
    if (lane.inLine === 0) this.#lanes.delete(name)
  }
}
