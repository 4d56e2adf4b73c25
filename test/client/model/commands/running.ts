/** Tills synchronise, lose their power, and are looked at in several tabs. */
import fc from 'fast-check'
import { Offline, SyncFailed } from '../../../../client/sdk/index.ts'
import type { Moment } from '../faulty-network.ts'
import { type At, atDevice, type Weighted, weighted } from './steps.ts'

/** Whatever stands in its way must be told in the SDK's own words. */
async function trySync({ world, device }: At): Promise<void> {
  try {
    await device.client.sync()
  } catch (error) {
    if (!(error instanceof Offline || error instanceof SyncFailed)) throw error
    world.note(`    no sync: ${error.code}`)
  }
}

const sync = atDevice('sync', {}, trySync)

/** A person acts while it runs. */
const syncBehind = atDevice('sync without waiting', {}, async (at) => {
  void trySync(at)
})

const crash = atDevice<{ operation: string; moment: Moment | 'now' }>(
  'crash',
  {
    operation: fc.constantFrom('Push', 'Push', 'Pull', 'Direct'),
    moment: fc.constantFrom<Moment | 'now'>('now', 'asked', 'answered'),
  },
  async ({ world, device }, { operation, moment }) => {
    if (moment !== 'now') {
      const gone = new Promise<void>((resolve) => {
        device.line.plan(operation, moment, () => {
          device.cutPower()
          resolve()
        })
      })
      await Promise.race([gone, trySync({ world, device })])
    }
    device.cutPower()
    await device.restart()
  },
)

const turnToTab = atDevice<{ place: number }>(
  'turn to another tab',
  { place: fc.nat(2) },
  async ({ device }, { place }) => device.turnTo(place),
)
const openTab = atDevice('open a tab', {}, async ({ device }) => {
  // A store that is not shared has one tab.
  if (device.tabs.length < device.windows + 1 && device.windows > 1) await device.openTab()
})
const leaveTab = atDevice<{ how: 'closed' | 'killed' }>(
  'leave the tab',
  { how: fc.constantFrom('closed', 'killed') },
  ({ device }, { how }) => device.leaveTab(how),
)

const closeAndOpen = atDevice('close and open', {}, ({ device }) => device.restart())

/** Of the app. */
export const running: Weighted[] = [
  weighted(sync, 6),
  weighted(syncBehind, 3),
  weighted(crash, 3),
  weighted(closeAndOpen, 1),
  weighted(turnToTab, 3),
  weighted(openTab, 2),
  weighted(leaveTab, 2),
]
