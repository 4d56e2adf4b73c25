/**
 * The nudge of one change to many sockets, from the commit to the last socket that has it, beside bare `ws` that
 * sends as long a text to as many. The sockets are in other processes than the servers.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { appliedBy, branchName, makeCafe, signIn, Till, tenantId } from './support/cafe.ts'
import { type Gateway, type Helper, startHelper } from './support/children.ts'
import { openLine } from './support/http.ts'
import { takeTurns } from './support/measure.ts'
import { committedAt, type Subscription } from './support/nudges.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, withServices } from './support/stage.ts'

const rounds = 15
const sizes = [1_000, 5_000]
const listenerProcesses = 2
const branchId = branchName(0)

export async function nudgeFanout(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('fanout')
  await withServices(databaseUrl, (services) => makeCafe(services, 1))
  const lines: Line[] = []
  for (const size of sizes) {
    const gateway = await stage.openGateway(databaseUrl)
    const bare = startHelper('ws-broadcast.ts')
    try {
      lines.push(...(await compare(gateway, bare, size)))
    } finally {
      await bare.stop()
      await gateway.stop()
    }
  }
  await stage.dropDatabase('fanout')
  return lines
}

async function compare(gateway: Gateway, bare: Helper, size: number): Promise<Line[]> {
  const deviceId = `till before ${size} sockets`
  const token = await signIn(gateway.url, { deviceId })
  const subscription = { tenantId, branchId, token }
  const memory = async () => ({
    gateway: await memoryOf(gateway),
    bare: await bare.ask<number>({ memory: true }),
  })
  const before = await memory()
  const ofBare = await openSockets(await bare.ask<string>({ address: true }), size)
  const ofGateway = await openSockets(`${gateway.url.replace('http', 'ws')}/graphql`, size, subscription)
  const line = openLine(`${gateway.url}/graphql`, token)
  const till = new Till(branchId, deviceId)
  // A subscription is live once its access was checked.
  await delay(1_000)

  const sell = async () => appliedBy(await line.post(till.batches(1, 1)[0]!))
  const ms = await takeTurns(rounds, {
    gateway: () => untilHeard(ofGateway, sell),
    bare: () => untilHeard(ofBare, () => bare.ask({ send: nudgeText })),
  })
  const after = await memory()
  line.close()
  await Promise.all([...ofGateway, ...ofBare].map((helper) => helper.stop()))
  const kbOf = (server: keyof typeof before) => (after[server] - before[server]) / 1024 / size
  return [
    {
      what: `nudge of one change to ${size.toLocaleString('en')} sockets`,
      unit: 'ms',
      ours: ms.gateway,
      beside: { what: 'ws: as long a text to as many', value: ms.bare },
      target: times(2),
    },
    {
      what: `memory of each of ${size.toLocaleString('en')} sockets`,
      unit: 'KB',
      ours: kbOf('gateway'),
      beside: { what: 'ws', value: kbOf('bare') },
      target: times(2),
    },
  ]
}

/** Bytes of memory that the gateway holds, by its own metrics. */
async function memoryOf({ url }: Gateway): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1])
}

/** As long as the gateway's message; the server puts the time in. */
const nudgeText = JSON.stringify({
  id: '1',
  type: 'next',
  payload: {
    data: {
      syncNudge: {
        tenantId,
        branchId,
        modules: ['SALE', 'CASH_SESSION', 'INVENTORY'],
        headSeq: 1_000,
        pullAfterMs: 0,
        at: 'AT',
      },
    },
  },
})

async function openSockets(url: string, count: number, subscription?: Subscription): Promise<Helper[]> {
  const helpers = Array.from({ length: listenerProcesses }, () => startHelper('ws-listeners.ts'))
  const open = count / listenerProcesses
  await Promise.all(helpers.map((helper) => helper.ask({ open, url, subscription })))
  return helpers
}

/** Milliseconds from the time that the message tells until the last socket has it. */
async function untilHeard(helpers: readonly Helper[], send: () => Promise<unknown>): Promise<number> {
  await Promise.all(helpers.map((helper) => helper.ask({ arm: true })))
  // Longer than nudges of a branch are merged, and long enough for what the last one left behind.
  await delay(200)
  await send()
  const last = await Promise.all(
    helpers.map((helper) => helper.ask<{ text: string; at: number }>({ heard: true })),
  )
  return Math.max(...last.map(({ at }) => at)) - committedAt(last[0]!.text)
}
