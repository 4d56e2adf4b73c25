/** `addScopes`: several people on one device share a cursor, and nobody loads what another has loaded. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import { moduleScopes } from '../../src/modules/words.ts'
import { type Cursor, decodeCursor, encodeCursor } from '../../src/sync/cursor.ts'
import { purge } from '../../src/sync/retention.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, type Page, type PulledChange, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let barista: Client
let branchId: string
beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
  manager = await gateway.as('manager')
  cashier = await gateway.as('cashier-1')
  barista = await gateway.as('barista-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager', 'demo-barista-1')
})

const ofBarista = ['BRANCH', 'POLICY', 'MENU', 'STAFF', 'ATTENDANCE']
const rest = ['CASH_SESSION', 'SALE', 'INVENTORY']

async function page(client: Client, input: object): Promise<Page> {
  const answer = await client.pull({ branchId, addScopes: true, ...input })
  if ('reason' in answer) throw new Error(`unexpected reset: ${answer.reason}`)
  return answer
}

/** A device: what it has, and its one cursor. */
function device() {
  const entities = new Map<string, PulledChange>()
  let cursor: string | undefined
  return {
    entities,
    /** Pulls to the head; how many changes came, and which scopes were begun. */
    async pull(client: Client, scopes: readonly string[], limit = 500) {
      const added: string[] = []
      let count = 0
      for (;;) {
        const {
          changes,
          nextCursor,
          hasMore,
          added: begun,
        } = await page(client, {
          ...{ cursor, limit, moduleScopes: scopes },
        })
        for (const change of changes) {
          const key = `${change.entityKind} ${change.entityId}`
          if (change.opKind === 'UPSERT') entities.set(key, change)
          else entities.delete(key)
        }
        count += changes.length
        added.push(...begun)
        cursor = nextCursor
        if (!hasMore) return { count, added }
      }
    },
    cursor: () => decodeCursor(cursor!, registry.scopes)!,
    set: (changed: Cursor) => {
      cursor = encodeCursor(changed)
    },
  }
}

const sorted = (entities: ReadonlyMap<string, PulledChange>) =>
  [...entities].map(([key, { payload }]) => [key, payload] as const).sort(([a], [b]) => (a < b ? -1 : 1))

it('without a cursor every scope is begun; with one of the same scopes and view, none is', async () => {
  const first = await page(cashier, {})
  expect(first.added).toEqual(moduleScopes)
  expect((await page(cashier, { cursor: first.nextCursor })).added).toEqual([])
  expect(await cashier.pull({ branchId, cursor: first.nextCursor })).toMatchObject({ added: [], changes: [] })
})

it('a person with fewer scopes takes nothing anew, and what they may not read goes on where it was', async () => {
  const tablet = device()
  await tablet.pull(cashier, moduleScopes)
  const opening = openSession(undefined, { branchId })
  await cashier.push([opening])
  const { clientOpId } = opening
  // The barista's own work is begun: nobody but they (and managers) may read it.
  expect(await tablet.pull(barista, ofBarista)).toEqual({ count: 0, added: ['ATTENDANCE'] })
  expect([...tablet.entities.values()].some((change) => change.clientOpId === clientOpId)).toBe(false)
  const { count, added } = await tablet.pull(cashier, moduleScopes)
  expect(added).toEqual([])
  expect(count).toBe(1)
  expect([...tablet.entities.values()].some((change) => change.clientOpId === clientOpId)).toBe(true)
})

it('a person with more scopes begins only what the device does not have', async () => {
  const tablet = device()
  await tablet.pull(barista, ofBarista)
  await cashier.push([openSession(undefined, { branchId })])
  const { count, added } = await tablet.pull(cashier, moduleScopes)
  expect(added).toEqual([...rest, 'ATTENDANCE'])
  const fresh = device()
  const whole = await fresh.pull(cashier, moduleScopes)
  expect(count).toBeLessThan(whole.count / 2)
  expect(sorted(tablet.entities)).toEqual(sorted(fresh.entities))
})

it('whatever the order of people, the size of pages and what happens meanwhile, all see what a fresh device sees', async () => {
  const tablet = device()
  const people = [
    [barista, ofBarista],
    [cashier, moduleScopes],
    [manager, moduleScopes],
    [cashier, ['BRANCH', 'SALE', 'CASH_SESSION']],
  ] as const
  let begun = 0
  for (let round = 0; round < 24; round += 1) {
    const [client, scopes] = people[(round * 7) % 4]!
    if (round % 3 === 0) await client.push([startWork(undefined, { branchId })])
    if (round % 4 === 1) await cashier.push([openSession(undefined, { branchId })])
    if (round % 5 === 2) {
      const item = { menuItemId: `m-${randomUUID()}`, name: 'New', categoryId: 'retail', priceUsd: 1 }
      await admin.direct('menuItemSave', item, { branchId: null })
      if (round % 2) await admin.direct('menuItemRemove', { menuItemId: item.menuItemId }, { branchId: null })
    }
    const { added } = await tablet.pull(client, scopes, 1 + ((round * 5) % 9))
    begun += added.length
  }
  // Each scope once, and the attendance of each of the three views.
  expect(begun).toBe(7 + 3)
  await tablet.pull(cashier, moduleScopes)
  await tablet.pull(manager, moduleScopes)
  const fresh = device()
  await fresh.pull(manager, moduleScopes)
  expect(sorted(tablet.entities)).toEqual(sorted(fresh.entities))
})

it('a change of person in the middle of a first load loses nothing of either', async () => {
  const tablet = device()
  const limit = 20
  const first = await page(cashier, { limit, moduleScopes })
  expect(first.hasMore).toBe(true)
  for (const change of first.changes) tablet.entities.set(`${change.entityKind} ${change.entityId}`, change)
  tablet.set(decodeCursor(first.nextCursor, registry.scopes)!)
  expect((await tablet.pull(barista, ofBarista, limit)).added).toEqual(['ATTENDANCE'])
  expect((await tablet.pull(cashier, moduleScopes, limit)).added).toEqual([])
  const fresh = device()
  await fresh.pull(cashier, moduleScopes)
  expect(sorted(tablet.entities)).toEqual(sorted(fresh.entities))
})

it('what nobody has pulled for so long that its changes were purged begins anew, and the rest goes on', async () => {
  const tablet = device()
  await tablet.pull(cashier, moduleScopes)
  const menuItemId = `gone-${randomUUID()}`
  const item = { menuItemId, name: 'Gone', categoryId: 'retail', priceUsd: 1 }
  await admin.direct('menuItemSave', item, { branchId: null })
  await admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
  await tablet.pull(barista, ofBarista)
  const soon = new Date(Date.now() + 60 * 86_400_000)
  expect(await purge(gateway.app.db, { tombstoneDays: 30, feedDays: 30 }, soon)).toBeGreaterThan(0)
  expect((await tablet.pull(cashier, moduleScopes)).added).toEqual([...rest, 'ATTENDANCE'])
  expect((await tablet.pull(cashier, moduleScopes)).added).toEqual([])
})

it('the cursor gives no right: scopes that the caller may not read are refused, and stay where they are', async () => {
  const tablet = device()
  await tablet.pull(manager, moduleScopes)
  const { errors } = await barista.send(barista.pullQuery, {
    input: { ...{ tenantId: 'demo', branchId, deviceId: 'till-1' }, moduleScopes, addScopes: true },
  })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'ACTION_NOT_PERMITTED' })
  await cashier.push([startWork(undefined, { branchId })])
  const before = tablet.entities.size
  // In a forged cursor the barista claims the manager's view: they get their own all the same.
  const forged = tablet.cursor()
  tablet.set({
    ...forged,
    parts: forged.parts.map((part) => ({ ...part, view: part.view && 'own demo-barista-1' })),
  })
  await tablet.pull(barista, ofBarista)
  expect(tablet.entities.size).toBe(before)
})
