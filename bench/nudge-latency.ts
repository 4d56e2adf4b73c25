/**
 * From one till's commit to the other till having pulled it: nudge, pull, page read. A till pushes one sale at a time
 * in each of four branches in turn, so that every nudge goes out at once (a branch is nudged at most 10 times a second).
 */
import { setTimeout as delay } from 'node:timers/promises'
import { moduleScopes } from '../src/modules/words.ts'
import { appliedBy, branchName, makeCafe, signIn, Till, tenantId } from './support/cafe.ts'
import { wallClock } from './support/clock.ts'
import { dataOf, openLine } from './support/http.ts'
import { quantile } from './support/measure.ts'
import { committedAt, subscribe } from './support/nudges.ts'
import { pullQuery } from './support/pull-query.ts'
import { type Line, under } from './support/report.ts'
import { type Stage, withServices } from './support/stage.ts'

const samples = 600
const warmUp = 60
const branches = 4
/** Between the sales of one branch: more than the 100 ms in which nudges are merged. */
const betweenMs = 130

export async function nudgeLatency(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('latency')
  await withServices(databaseUrl, (services) => makeCafe(services, branches))
  const gateway = await stage.openGateway(databaseUrl)
  try {
    const pairs = await Promise.all(
      Array.from({ length: branches }, (_, i) => openPair(gateway.url, branchName(i))),
    )
    const taken: Taken[] = []
    for (let i = 0; i < warmUp + samples; i += 1) {
      const next = delay(betweenMs / branches)
      const sample = await pairs[i % branches]!.sell()
      if (i >= warmUp) taken.push(sample)
      await next
    }
    for (const { close } of pairs) close()
    return [
      line('commit to nudge to pulled, p50', quantileOf(taken, 'fromCommit', 0.5), under(10)),
      line('commit to nudge to pulled, p99', quantileOf(taken, 'fromCommit', 0.99)),
      line('push sent to pulled by the other, p50', quantileOf(taken, 'fromPush', 0.5)),
      line('push sent to pulled by the other, p99', quantileOf(taken, 'fromPush', 0.99)),
    ]
  } finally {
    await gateway.stop()
    await stage.dropDatabase('latency')
  }
}

type Taken = { fromPush: number; fromCommit: number }

const quantileOf = (taken: readonly Taken[], of: keyof Taken, q: number) =>
  quantile(
    taken.map((sample) => sample[of]),
    q,
  )

const line = (what: string, ours: number, target?: Line['target']): Line => ({
  what,
  unit: 'ms',
  ours,
  target,
})

type Page = { changes: { clientOpId: string }[]; nextCursor: string; hasMore: boolean }

/** Two tills of a branch: one sells, the other listens and pulls. */
async function openPair(url: string, branchId: string) {
  const [deviceId, sellerId] = [`listener of ${branchId}`, `seller of ${branchId}`]
  const token = await signIn(url, { deviceId })
  const seller = openLine(`${url}/graphql`, await signIn(url, { deviceId: sellerId }))
  const listener = openLine(`${url}/graphql`, token)
  const till = new Till(branchId, sellerId)
  const input = { tenantId, branchId, deviceId, moduleScopes, limit: 1_000 }

  let cursor: string | null = null
  async function pull(): Promise<Page> {
    const answer = await listener.post(
      JSON.stringify({ query: pullQuery, variables: { input: { ...input, cursor } } }),
    )
    const page = dataOf<{ syncPull: Page }>(answer).syncPull
    cursor = page.nextCursor
    return page
  }
  while ((await pull()).hasMore);

  let onNudge: (text: string) => void = () => {}
  const address = `${url.replace('http', 'ws')}/graphql`
  const socket = await subscribe(address, { tenantId, branchId, token }, (text) => onNudge(text))
  await delay(200)

  return {
    /** Sells once; how long it took until the other had pulled it. */
    async sell(): Promise<Taken> {
      const [body] = till.batches(1, 1)
      const { promise: nudged, resolve } = Promise.withResolvers<string>()
      onNudge = resolve
      const sentAt = wallClock()
      const pushed = seller.post(body!)
      const nudge = await nudged
      const { changes } = await pull()
      const pulledAt = wallClock()
      if (!changes.some(({ clientOpId }) => body!.includes(clientOpId)))
        throw new Error('pulled, but not the sale')
      appliedBy(await pushed)
      // The nudge tells the time of the commit in whole milliseconds, so this is up to one too long.
      return { fromPush: pulledAt - sentAt, fromCommit: pulledAt - committedAt(nudge) }
    },
    close() {
      socket.terminate()
      seller.close()
      listener.close()
    },
  }
}
