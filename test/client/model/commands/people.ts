/** People come and go, and do something about what was refused. */
import fc from 'fast-check'
import { OperationBlocked } from '../../../../client/sdk/index.ts'
import { Device } from '../device.ts'
import { posts } from '../world.ts'
import { openSession } from './payloads.ts'
import { atDevice, step, type Weighted, weighted } from './steps.ts'

const switchPost = atDevice<{ post: number | null }>(
  'switch',
  { post: fc.option(fc.nat(posts.length - 1), { freq: 6 }) },
  ({ device }, { post }) => device.comes(post === null ? null : posts[post]!),
)

/** Whoever was at work is still at work. */
const wrongPin = atDevice<{ post: number }>(
  'a wrong PIN',
  { post: fc.nat(posts.length - 1) },
  async ({ world, device }, { post }) => {
    const { actorId } = posts[post]!
    if (!device.byPin || world.mistyped.has(actorId)) return
    // A second one, and what the network doubles, would lock them out for a minute.
    world.mistyped.add(actorId)
    const { context } = device.client.status()
    if (await device.comes(posts[post]!, '4321')) throw new Error('a wrong PIN let somebody in')
    if (device.client.status().context !== context) throw new Error('a wrong PIN sent somebody away')
  },
)

const wayOut = atDevice<{ which: number; way: 'retry' | 'reassign' | 'discard' }>(
  'way out',
  { which: fc.nat(10), way: fc.constantFrom('retry', 'reassign', 'discard') },
  async ({ world, device }, { which, way }) => {
    const { client } = device
    const { failed, context } = client.status()
    const operation = failed[which % failed.length]
    if (!operation || !context) return
    const { clientOpId } = operation
    world.note(`    ${operation.type} ${operation.code}`)
    try {
      if (way === 'retry') await client.retry(clientOpId)
      if (way === 'discard') await client.discard(clientOpId, 'it never happened')
      if (way === 'reassign')
        await client.reassign(clientOpId, { cashSessionId: openSession(device)?.id ?? device.newId() })
    } catch (error) {
      if (!(error instanceof OperationBlocked)) throw error
      world.note(`    blocked: ${error.code}`)
    }
  },
)

/** The rescue copy read by another tablet, while the first goes on. */
const copyQueue = atDevice<{ to: number }>(
  'copy the queue',
  { to: fc.nat(2) },
  async ({ world, device }, { to }) => {
    const other = world.devices[to]!
    const text = await device.client.exportQueue()
    for (const { clientOpId } of JSON.parse(text).operations) world.copied.add(clientOpId)
    await other.client.importQueue(text).catch((error: unknown) => {
      if (!(error instanceof OperationBlocked && other.isFull)) throw error
      world.note(`    blocked: ${error.code}`)
    })
  },
)

/** The tablet breaks for good; a new one takes over its rescue copy. */
const replaceDevice = step<{ till: number }>(
  'replace the tablet',
  { till: fc.nat(2) },
  async (world, { till }) => {
    const device = world.devices[till]!
    const text = await device.client.exportQueue()
    device.cutPower()
    world.broken.push(device)
    const successor = await Device.open(world, `${device.name}'`, posts[0], {
      windows: 1,
      byPin: device.byPin,
    })
    world.devices[till] = successor
    await successor.client.importQueue(text)
  },
)

/** At the tills. */
export const people: Weighted[] = [
  weighted(switchPost, 6),
  weighted(wrongPin, 1),
  weighted(wayOut, 6),
  weighted(copyQueue, 1),
  weighted(replaceDevice, 1),
]
