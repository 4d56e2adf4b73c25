/**
 * Tills in the tabs of a real browser: the whole SDK on IndexedDB, at a real gateway.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import type { OfflinePayloads, OfflineType, Status, SyncClient } from '../../../client/sdk/index.ts'
import { type Chromium, launchChromium } from '../../support/chromium.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { type Site, serveModule } from '../../support/page.ts'
import { newBranch } from '../support/till.ts'
import { createLine, type Line } from './line.ts'

/** In the page. */
declare const client: SyncClient

export type Stage = { gateway: Gateway; line: Line; site: Site; chromium: Chromium; close(): Promise<void> }

/** A gateway, the line to it, and a browser; `module` runs in its pages. */
export async function setStage(module: string): Promise<Stage> {
  const [gateway, chromium] = await Promise.all([startGateway(), launchChromium()])
  const line = createLine(gateway.url)
  const site = await serveModule(join(import.meta.dirname, module), line)
  return {
    gateway,
    line,
    site,
    chromium,
    async close() {
      await chromium.close()
      await site.close()
      await gateway.close()
    },
  }
}

export type Till = {
  /** Of its store, and in the address of its pages. */
  name: string
  branchId: string
  deviceId: string
  tabs: Page[]
  openTab(): Promise<Page>
  /** The keys of the operations in each of its pushes. */
  pushes(): string[][]
}

/** Somebody signed in as admin, in a branch of its own, in so many tabs. */
export async function openTill(stage: Stage, tabs: number, { chromium }: Pick<Stage, 'chromium'> = stage) {
  const name = `till-${randomUUID().slice(0, 8)}`
  const branchId = await newBranch(stage.gateway)
  const openTab = () => openPage(stage, name, chromium)
  const first = await openTab()
  const deviceId = await first.evaluate(async (branchId) => {
    const { accountId } = await client.people.signIn({ tenantId: 'demo', staffCode: 'admin', pin: '1234' })
    await client.switchContext({ tenantId: 'demo', branchId, actorId: accountId })
    await client.sync()
    return client.deviceId
  }, branchId)
  const till: Till = {
    name,
    branchId,
    deviceId,
    tabs: [first],
    async openTab() {
      const tab = await openTab()
      till.tabs.push(tab)
      return tab
    },
    pushes: () =>
      stage.line.pushes.filter((push) => push.deviceId === deviceId).map(({ clientOpIds }) => clientOpIds),
  }
  while (till.tabs.length < tabs) await till.openTab()
  return till
}

/** A page of the till, as far as to its client being open. */
export async function openPage({ site }: Stage, till: string, chromium: Chromium): Promise<Page> {
  const tab = await chromium.newPage(`${site.origin}/?till=${till}`)
  await tab.waitForFunction(() => 'client' in window)
  return tab
}

/** Generous, for a machine that may be busy. */
export const soon = { timeout: 45_000, interval: 30 }

export const statusIn = (tab: Page): Promise<Status> => tab.evaluate(() => client.status())

/** Waits until the tabs show the same status, and this one, and one of them leads; its place among them. */
export async function untilAll(tabs: readonly Page[], expected: Partial<Status>): Promise<number> {
  return vi.waitFor(async () => {
    const all = await Promise.all(tabs.map(statusIn))
    const [first, ...others] = all.map(({ leader: _, ...shown }) => shown)
    expect(first).toMatchObject(expected)
    for (const other of others) expect(other).toEqual(first)
    expect(all.filter(({ leader }) => leader)).toHaveLength(1)
    return all.findIndex(({ leader }) => leader)
  }, soon)
}

/** Nothing waits and nothing is under way. */
export const settled = {
  connectivity: 'online',
  phase: 'idle',
  pending: 0,
  syncing: 0,
  problem: null,
} as const

export const perform = <Type extends OfflineType>(tab: Page, type: Type, payload: OfflinePayloads[Type]) =>
  tab.evaluate(
    async ([type, payload]) =>
      (await client.perform(type as OfflineType, payload as OfflinePayloads[OfflineType])).clientOpId,
    [type, payload] as const,
  )

export async function openCashSession(tab: Page): Promise<string> {
  const cashSessionId = randomUUID()
  await perform(tab, 'cashSession.open', { cashSessionId, openingFloat: { usd: 5000, khr: 0 } })
  return cashSessionId
}

/** As when the system takes its memory: no word to anybody. */
export async function crash({ context }: Chromium, tab: Page): Promise<void> {
  const session = await context.newCDPSession(tab)
  const crashed = tab.waitForEvent('crash')
  session.send('Page.crash').catch(() => {})
  await crashed
}
