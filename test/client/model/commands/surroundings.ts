/** The network, the disks, and the gateway. */
import fc from 'fast-check'
import { atDevice, step, type Weighted, weighted } from './steps.ts'

const unplug = atDevice('lose the network', {}, async ({ device }) => device.line.unplug())
const plug = atDevice('find the network', {}, async ({ device }) => device.line.plug())
const resume = atDevice('look at the app', {}, async ({ device }) => device.line.resume())
const fill = atDevice('fill the disk', {}, async ({ device }) => {
  device.isFull = true
})
const makeRoom = atDevice('make room on the disk', {}, async ({ device }) => {
  device.isFull = false
})
const cutSockets = step('cut all sockets', {}, async ({ devices }) => {
  for (const { line } of devices) line.cutSockets()
})
const pause = step<{ ms: number }>(
  'wait',
  { ms: fc.nat(60) },
  (_, { ms }) => new Promise((go) => setTimeout(go, ms)),
)
const restartGateway = step('restart the gateway', {}, ({ gateway }) => gateway.restart())
const rebuildStreams = step<{ cafe: 'demo' | 'rival' }>(
  'rebuild the streams',
  { cafe: fc.constantFrom('demo', 'demo', 'rival') },
  (world, { cafe }) => world.rebuildStreams(cafe),
)
const backUp = step('back up', {}, (world) => world.backUp())
const restore = step('restore the backup', {}, (world) => world.restore())

/** Whatever happens to tills. */
export const surroundings: Weighted[] = [
  weighted(unplug, 3),
  weighted(plug, 5),
  weighted(resume, 1),
  weighted(fill, 1),
  weighted(makeRoom, 2),
  weighted(cutSockets, 1),
  weighted(pause, 3),
  weighted(restartGateway, 1),
  weighted(rebuildStreams, 1),
  weighted(backUp, 2),
  weighted(restore, 2),
]
