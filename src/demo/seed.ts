/**
 * The demo café, and a rival by its side so that isolation can be seen. Everything after the first
 * administrators goes by ordinary operations with ids derived from what they make, so that a start that was cut
 * short goes on where it stopped.
 */
import { v5 as uuidv5 } from 'uuid'
import { createTenant } from '../admin/create-tenant.ts'
import type { Config } from '../config.ts'
import { isLoopback } from '../http/hosts.ts'
import { verifyPin } from '../modules/access/pin.ts'
import { type Database, sqlState } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Services } from '../services.ts'
import { payloadHashOf } from '../sync/inspect.ts'
import { push } from '../sync/push.ts'
import type { Json } from '../sync/words.ts'
import { categories, items, modifierGroups, stock } from './menu.ts'

/** Everybody's. */
export const demoPin = '1234'
const pin = demoPin
const namespace = '3f0cbd6e-9c5b-4a5e-8f0d-2f6f6c1d7a11'

type Step = { type: string; branchId?: string; payload: { [key: string]: unknown } }

const people = [
  { staffCode: 'manager', name: 'Dara Manager', role: 'MANAGER', branchIds: ['riverside', 'market'] },
  { staffCode: 'cashier-1', name: 'Sophea', role: 'CASHIER', branchIds: ['riverside'] },
  { staffCode: 'cashier-2', name: 'Vannak', role: 'CASHIER', branchIds: ['market'] },
  { staffCode: 'barista-1', name: 'Bopha', role: 'STAFF', branchIds: ['riverside'] },
]

const demoSteps: Step[] = [
  { type: 'branch.save', branchId: 'riverside', payload: { name: 'Riverside' } },
  { type: 'branch.save', branchId: 'market', payload: { name: 'Old Market' } },
  ...people.map(({ staffCode, ...person }) => ({
    type: 'staff.save',
    payload: { accountId: `demo-${staffCode}`, staffCode, ...person, pin },
  })),
  ...categories.map(([categoryId, name], position) => ({
    type: 'menuCategory.save',
    payload: { categoryId, name, position },
  })),
  ...modifierGroups.map((payload) => ({ type: 'modifierGroup.save', payload })),
  ...items.map(([menuItemId, name, categoryId, priceUsd, modifierGroupIds, recipe]) => ({
    type: 'menuItem.save',
    payload: { menuItemId, name, categoryId, priceUsd, modifierGroupIds, recipe },
  })),
  ...['riverside', 'market'].flatMap((branchId) =>
    stock.map(([stockItemId, name, unit, quantity]) => ({
      type: 'inventory.restock',
      branchId,
      payload: { stockItemId, name, unit, quantity, reason: 'Opening stock' },
    })),
  ),
]

const rivalSteps: Step[] = [
  { type: 'branch.save', branchId: 'rival-1', payload: { name: 'Rival' } },
  { type: 'menuCategory.save', payload: { categoryId: 'coffee', name: 'Coffee', position: 0 } },
  {
    type: 'menuItem.save',
    payload: { menuItemId: 'latte', name: 'Rival latte', categoryId: 'coffee', priceUsd: 240 },
  },
]

/** Whether others than this machine reach the gateway: by its address, behind a proxy, or by another name. */
export const isReached = ({
  host,
  trustProxy,
  allowedHosts,
}: Pick<Config, 'host' | 'trustProxy' | 'allowedHosts'>): boolean =>
  !isLoopback(host) || trustProxy > 0 || allowedHosts.length > 0

/** Whether to seed where nothing is said: everybody knows the demo's PINs, so nobody but this machine may reach it. */
export const wantsDemo = (
  config: Parameters<typeof isReached>[0] & Pick<Config, 'demo'>,
  isEmbedded: boolean,
) => config.demo ?? (isEmbedded && !isReached(config))

/** Whether somebody still gets into the demo café, which an earlier start has made, by the PIN that everybody knows. */
export async function isDemoOpen(db: Database): Promise<boolean> {
  const people = await db.tenant('demo').rows<{ pinHash: string }>(
    `select c.pin_hash as "pinHash" from credential c
       join member m on m.tenant_id = $1 and m.account_id = c.account_id and m.status = 'ACTIVE'
     where c.tenant_id = $1 limit 20`,
    ['demo'],
  )
  for (const { pinHash } of people) if (await verifyPin(demoPin, pinHash)) return true
  return false
}

/** Seeds a database that holds no tenant yet, or only part of the demo. */
export async function seedDemo(services: Services, db: Database, log: Logger): Promise<void> {
  const tenants = await db.everyTenant.rows<{ id: string }>('select tenant_id as id from tenant', [])
  const known = new Set(tenants.map(({ id }) => id))
  const [last] = await db
    .tenant('rival')
    .rows('select 1 from menu_item where tenant_id = $1 and id = $2', ['rival', 'latte'])
  if (last || [...known].some((id) => id !== 'demo' && id !== 'rival')) return
  for (const [tenantId, name, administrator] of [
    ['demo', 'Demo Café', 'Chanthou Admin'],
    ['rival', 'Rival Coffee', 'Rival Admin'],
  ] as const) {
    if (known.has(tenantId)) continue
    const first = { accountId: `${tenantId}-admin`, staffCode: 'admin', name: administrator, pin }
    // Of several gateways that start at once one is the first; what follows has keys.
    await createTenant(db.tenant(tenantId), tenantId, name, first).catch((error) => {
      if (sqlState(error) !== '23505') throw error
    })
  }
  await run(services, 'demo', demoSteps)
  await run(services, 'rival', rivalSteps)
  log.info('the demo café is ready: tenant "demo", PIN 1234 for everybody')
}

async function run({ engine, clock }: Services, tenantId: string, steps: readonly Step[]): Promise<void> {
  const operations = steps.map(({ type, branchId = null, payload }) => ({
    clientOpId: uuidv5(JSON.stringify([tenantId, type, branchId, payload]), namespace),
    type,
    branchId,
    payload,
    payloadHash: payloadHashOf({ type, branchId, payload: payload as Json }),
    occurredAt: clock(),
  }))
  // Branches first, in a batch of their own: what follows needs their streams.
  for (const batch of [
    operations.filter(({ type }) => type === 'branch.save'),
    operations.filter(({ type }) => type !== 'branch.save'),
  ]) {
    const verdicts = await push(engine, {
      tenantId,
      deviceId: null,
      accountId: `${tenantId}-admin`,
      lane: 'DIRECT',
      operations: batch,
    })
    const refused = verdicts.find(({ status }) => status !== 'APPLIED')
    if (refused) throw new Error(`the demo café could not be made: ${refused.code} ${refused.message}`)
  }
}
