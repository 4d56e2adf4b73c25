/**
 * The café that the benchmarks sell in: branches, a menu, and tills whose batches are built before the clock starts.
 */
import { randomUUID } from 'node:crypto'
import { v5 as uuidv5 } from 'uuid'
import { createTenant } from '../../src/admin/create-tenant.ts'
import { categories, items, modifierGroups, stock } from '../../src/demo/menu.ts'
import { defaultPolicy } from '../../src/modules/policy/publish.ts'
import { totalsOf } from '../../src/modules/sale/pricing.ts'
import type { Services } from '../../src/services.ts'
import { payloadHashOf } from '../../src/sync/inspect.ts'
import { push } from '../../src/sync/push.ts'
import type { Json } from '../../src/sync/words.ts'
import { dataOf, openLine } from './http.ts'

export const tenantId = 'bench'
export const branchName = (i: number) => `branch-${String(i).padStart(5, '0')}`

export const admin = 'bench-admin'
const pin = '1234'
const namespace = uuidv5('modula-sync bench', uuidv5.URL)

export const sessionOf = (branchId: string) => uuidv5(`session ${branchId}`, namespace)

export type Operation = {
  clientOpId: string
  type: string
  branchId: string | null
  payload: object
  payloadHash: string
  occurredAt: string
}

type NewId = () => string

export function operation(
  type: string,
  branchId: string | null,
  payload: object,
  newId: NewId = randomUUID,
): Operation {
  const payloadHash = payloadHashOf({ type, branchId, payload: payload as Json })
  const occurredAt = new Date().toISOString()
  return { clientOpId: newId(), type, branchId, payload, payloadHash, occurredAt }
}

/** Decides operations in the direct lane, as the tenant's administrator. */
export async function decide(
  { engine }: Services,
  operations: readonly Operation[],
  ofTenant = tenantId,
): Promise<void> {
  const verdicts = await push(engine, {
    tenantId: ofTenant,
    deviceId: null,
    accountId: admin,
    lane: 'DIRECT',
    operations: operations.map((each) => ({ ...each, occurredAt: new Date(each.occurredAt) })),
  })
  const refused = verdicts.find(({ status }) => status !== 'APPLIED')
  if (refused) throw new Error(`${refused.code}: ${refused.message}`)
}

/** Another tenant, with nothing but an administrator and a branch. */
export async function makeNeighbour(services: Services, id: string, branchId: string): Promise<void> {
  await createTenant(services.engine.db.tenant(id), id, id, {
    accountId: admin,
    staffCode: 'admin',
    name: 'Bench',
    pin,
  })
  await decide(services, [operation('branch.save', branchId, { name: branchId })], id)
}

/** A tenant with its menu, and branches with stock and an open cash session each. */
export async function makeCafe(services: Services, branchCount: number): Promise<void> {
  const person = { accountId: admin, staffCode: 'admin', name: 'Bench', pin }
  await createTenant(services.engine.db.tenant(tenantId), tenantId, 'Bench', person)
  await decide(services, [
    ...categories.map(([categoryId, name], position) =>
      operation('menuCategory.save', null, { categoryId, name, position }),
    ),
    ...modifierGroups.map((group) => operation('modifierGroup.save', null, group)),
    ...items.map(([menuItemId, name, categoryId, priceUsd, modifierGroupIds, recipe]) =>
      operation('menuItem.save', null, { menuItemId, name, categoryId, priceUsd, modifierGroupIds, recipe }),
    ),
  ])
  for (let i = 0; i < branchCount; i += 1) await openBranch(services, branchName(i))
}

async function openBranch(services: Services, branchId: string): Promise<void> {
  const openingFloat = { usd: 5000, khr: 0 }
  await decide(services, [operation('branch.save', branchId, { name: branchId })])
  await decide(services, [
    ...stock.map(([stockItemId, name, unit]) =>
      operation('inventory.restock', branchId, { stockItemId, name, unit, quantity: 1_000_000 }),
    ),
    operation('cashSession.open', branchId, { cashSessionId: sessionOf(branchId), openingFloat }),
  ])
}

/** A cashier of one branch, whose staff code is `cashier`. */
export const hireCashier = (services: Services, branchId: string): Promise<void> =>
  decide(services, [
    operation('staff.save', null, {
      accountId: 'bench-cashier',
      staffCode: 'cashier',
      name: 'Cashier',
      role: 'CASHIER',
      branchIds: [branchId],
      pin,
    }),
  ])

/** A token of a person of the café, for one device. */
export async function signIn(
  url: string,
  {
    staffCode = 'admin',
    deviceId = 'bench',
    ofTenant = tenantId,
  }: { staffCode?: string; deviceId?: string; ofTenant?: string } = {},
): Promise<string> {
  const line = openLine(`${url}/graphql`)
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }'
  const input = { tenantId: ofTenant, staffCode, pin, deviceId }
  const answer = await line.post(JSON.stringify({ query, variables: { input } }))
  line.close()
  return dataOf<{ signIn: { token: string } }>(answer).signIn.token
}

const drinks = items.filter(([, , category]) => category === 'coffee' || category === 'cold')

/** A sale as a café's are: a drink with its size, and something to eat unless told otherwise. */
export function saleOperation(
  branchId: string,
  n: number,
  { newId = randomUUID, onlyDrink = false }: { newId?: NewId; onlyDrink?: boolean } = {},
): Operation {
  const [drinkId, , , drinkPrice, groups] = drinks[n % drinks.length]!
  const drink = {
    menuItemId: drinkId,
    menuItemRevision: 1,
    quantity: 1 + (n % 2),
    modifierOptionIds: groups.includes('size') ? ['size-regular'] : [],
    unitUsd: drinkPrice,
  }
  const croissant = { ...drink, menuItemId: 'croissant', quantity: 1, modifierOptionIds: [], unitUsd: 180 }
  const lines = onlyDrink ? [drink] : [drink, croissant]
  const totals = totalsOf(lines, defaultPolicy)
  const payload = {
    saleId: newId(),
    cashSessionId: sessionOf(branchId),
    saleType: 'TAKEAWAY',
    policyRevision: 1,
    lines: lines.map(({ unitUsd: _, ...line }) => line),
    totals,
    tender: { method: 'CASH', currency: 'KHR', received: totals.totalKhr, change: { usd: 0, khr: 0 } },
  }
  return operation('sale.finalize', branchId, payload, newId)
}

const mutation = `mutation ($input: SyncPushBatchInput!) {
  syncPushBatch(input: $input) {
    results { clientOpId status duplicate code message details result appliedSeq }
    serverTime
  }
}`

/** A device at a branch, which numbers what it queues. */
export class Till {
  readonly branchId: string
  readonly deviceId: string
  readonly #newId: NewId
  #queued = 0

  constructor(branchId: string, deviceId: string, newId: NewId = randomUUID) {
    this.branchId = branchId
    this.deviceId = deviceId
    this.#newId = newId
  }

  /** The bodies of its next batches of sales, ready to send. */
  batches(count: number, size = 100): string[] {
    return Array.from({ length: count }, () => this.#batch(size))
  }

  /** An operation as it is sent. */
  protected sent(made: Operation & { deviceSeq: number }): object {
    return made
  }

  #batch(size: number): string {
    const operations = Array.from({ length: size }, () => {
      const deviceSeq = ++this.#queued
      return this.sent({ ...saleOperation(this.branchId, deviceSeq, { newId: this.#newId }), deviceSeq })
    })
    const input = { tenantId, deviceId: this.deviceId, operations }
    return JSON.stringify({ query: mutation, variables: { input } })
  }
}

/** How many operations a push applied; throws what it says of any other. */
export function appliedBy(answer: Buffer): number {
  type Result = { status: string; code: string | null; message: string | null }
  const { results } = dataOf<{ syncPushBatch: { results: Result[] } }>(answer).syncPushBatch
  const other = results.find(({ status }) => status !== 'APPLIED')
  if (other) throw new Error(`${other.status} ${other.code}: ${other.message}`)
  return results.length
}
