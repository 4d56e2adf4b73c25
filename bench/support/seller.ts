/**
 * A device as it is on a bad day: sells, pushes until it is told what became of each sale, pulls, and asks again for
 * whatever was not answered.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type Operation, saleOperation, tenantId } from './cafe.ts'

type Verdict = { clientOpId: string; status: string; code: string | null }
type Change = { opKind: string; entityKind: string; entityId: string; payload: { receiptNumber: number } }
type Page = { changes: Change[]; nextCursor: string; hasMore: boolean; reason?: string }

const pushMutation = `mutation ($input: SyncPushBatchInput!) {
  syncPushBatch(input: $input) { results { clientOpId status code } }
}`
const pullQuery = `query ($input: SyncPullInput!) { syncPull(input: $input) {
  ... on SyncPullPage { changes { opKind entityKind entityId payload } nextCursor hasMore }
  ... on SyncPullReset { reason }
} }`

/** Between two runs of one device. */
const restMs = () => 3_000 + Math.random() * 3_000
/** Before what was not answered is asked again: grows, and is never long, as an outage here is short. */
const pauseMs = (tries: number) => Math.min(2_000, 100 * 2 ** tries) * (0.5 + Math.random() / 2)

export class Seller {
  readonly deviceId: string
  readonly branchId: string
  /** Ids of all sales that it was told are applied. */
  readonly sold: string[] = []
  /** Receipt numbers by sale, as pulled. */
  readonly seen = new Map<string, number>()
  readonly waits = { push: [] as { at: number; ms: number }[], pull: [] as { at: number; ms: number }[] }
  readonly tries = { again: 0 }
  readonly #url: string
  readonly #token: string
  #cursor: string | undefined
  #made = 0

  constructor(of: { url: string; token: string; deviceId: string; branchId: string }) {
    this.deviceId = of.deviceId
    this.branchId = of.branchId
    this.#url = of.url
    this.#token = of.token
  }

  async sellUntil(end: number): Promise<void> {
    await wait(Math.random() * 3_000)
    while (performance.now() < end) {
      const batch = Array.from({ length: 1 + (this.#made % 3) }, () => this.#make())
      await this.#timed('push', () => this.#push(batch))
      await this.#timed('pull', () => this.catchUp())
      await wait(restMs())
    }
  }

  /** Pulls to the head. */
  async catchUp(): Promise<void> {
    for (;;) {
      const input = {
        ...{ tenantId, branchId: this.branchId, deviceId: this.deviceId },
        ...{ moduleScopes: ['SALE'], cursor: this.#cursor },
      }
      const { syncPull: page } = await this.#ask<{ syncPull: Page }>(pullQuery, input)
      if (page.reason) throw new Error(`${this.deviceId} was reset: ${page.reason}`)
      for (const { entityKind, entityId, payload } of page.changes)
        if (entityKind === 'sale') this.seen.set(entityId, payload.receiptNumber)
      this.#cursor = page.nextCursor
      if (!page.hasMore) return
    }
  }

  #make(): Operation & { deviceSeq: number } {
    this.#made += 1
    return { ...saleOperation(this.branchId, this.#made), deviceSeq: this.#made }
  }

  /** Until nothing of the batch is put off. */
  async #push(batch: readonly (Operation & { deviceSeq: number })[]): Promise<void> {
    for (let rest = batch, tries = 0; rest.length > 0; tries += 1) {
      if (tries > 0) await wait(pauseMs(tries))
      const input = { tenantId, deviceId: this.deviceId, operations: rest }
      const { syncPushBatch } = await this.#ask<{ syncPushBatch: { results: Verdict[] } }>(
        pushMutation,
        input,
      )
      const by = new Map(syncPushBatch.results.map((verdict) => [verdict.clientOpId, verdict]))
      const refused = syncPushBatch.results.find(({ status }) => status === 'REJECTED')
      if (refused) throw new Error(`${this.deviceId}: a sale was rejected, ${refused.code}`)
      for (const { clientOpId, payload } of rest)
        if (by.get(clientOpId)?.status === 'APPLIED') this.sold.push((payload as { saleId: string }).saleId)
      rest = rest.filter(({ clientOpId }) => by.get(clientOpId)?.status !== 'APPLIED')
      if (rest.length > 0) this.tries.again += 1
    }
  }

  /** Until there is an answer. */
  async #ask<Data>(query: string, input: object): Promise<Data> {
    for (let tries = 1; tries <= 60; tries += 1) {
      try {
        const response = await fetch(this.#url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
          body: JSON.stringify({ query, variables: { input } }),
          signal: AbortSignal.timeout(40_000),
        })
        const { data, errors } = (await response.json()) as {
          data?: Data | null
          errors?: { extensions: { code: string } }[]
        }
        if (data && !errors) return data
        const code = errors?.[0]?.extensions.code
        if (code !== 'SERVICE_UNAVAILABLE') throw new Fault(`${this.deviceId}: ${code}`)
      } catch (error) {
        if (error instanceof Fault) throw error
      }
      this.tries.again += 1
      await wait(pauseMs(tries))
    }
    throw new Error(`${this.deviceId}: no answer`)
  }

  async #timed(kind: 'push' | 'pull', work: () => Promise<void>): Promise<void> {
    const at = performance.now()
    await work()
    this.waits[kind].push({ at, ms: performance.now() - at })
  }
}

/** An answer that trying again does not mend. */
class Fault extends Error {}
