/**
 * A day of a café, made up: the same sales at every run, told by tills as real ones would. Only the ids and the time of
 * day differ.
 */
import { join } from 'node:path'
import { v7 as newId } from 'uuid'
import { menuOf } from '../../client/pos/lib/menu.ts'
import { firstSelection } from '../../client/pos/lib/selection.ts'
import { settle } from '../../client/pos/lib/tender.ts'
import { createSyncClient, type SyncClient, sqliteStore } from '../../client/sdk/index.ts'
import { totalsOf, unitPrice } from '../../src/modules/sale/pricing.ts'

const tenantId = 'demo'
const minute = 60_000

export type MadeUpTill = {
  client: SyncClient
  /** Sells something to the next customer, as if at this time. */
  sell(at: Date): Promise<void>
  openSession(at: Date): Promise<void>
  /** Takes the network away, or gives it back. */
  setOffline(isOffline: boolean): void
}

export async function openTill(of: {
  url: string
  /** Where it keeps its data. */
  folder: string
  deviceId: string
  staffCode: string
  branchId: string
}): Promise<MadeUpTill> {
  const { url, folder, deviceId, staffCode, branchId } = of
  const random = randomFrom(deviceId)
  let isOffline = false
  const client = await createSyncClient({
    url,
    deviceId,
    store: sqliteStore(join(folder, `${deviceId}.sqlite`)),
    environment: {
      fetch: (input, init) =>
        isOffline ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init),
    },
  })
  const { accountId } = await client.people.signIn({ tenantId, staffCode, pin: '1234' })
  await client.switchContext({ tenantId, branchId, actorId: accountId })
  await client.sync()

  return {
    client,
    setOffline(offline) {
      isOffline = offline
    },
    async openSession(at) {
      const openingFloat = { usd: 5_000, khr: 200_000 }
      const session = { cashSessionId: newId(), openingFloat }
      await client.perform('cashSession.open', session, { occurredAt: at })
    },
    async sell(at) {
      const [session] = client.query('cashSession', { where: { status: 'OPEN' } })
      const sale = saleFor(client, random, session!.id)
      await client.perform('sale.finalize', sale, { occurredAt: at })
    },
  }
}

/** From the opening to now: people at work, sales with a rush in the morning and at noon, milk from the market. */
export async function workADay(till: MadeUpTill, opening: Date, now: Date): Promise<void> {
  const { client } = till
  const random = randomFrom(client.deviceId)
  await till.openSession(opening)
  await client.perform('attendance.startWork', { attendanceId: newId() }, { occurredAt: opening })
  let at = opening.getTime() + 10 * minute
  while (at < now.getTime() - 5 * minute) {
    await till.sell(new Date(at))
    const hour = (at - opening.getTime()) / (60 * minute)
    const isRush = hour < 2 || (hour > 4.5 && hour < 6)
    at += (isRush ? 4 : 11) * minute * (0.5 + random())
  }
  const [session] = client.query('cashSession', { where: { status: 'OPEN' } })
  await client.perform(
    'cashSession.movement',
    {
      movementId: newId(),
      cashSessionId: session!.id,
      kind: 'PAID_OUT',
      currency: 'KHR',
      amount: 24_000,
      reason: 'Milk from the market',
    },
    { occurredAt: new Date(opening.getTime() + 150 * minute) },
  )
  await client.sync()
}

type Random = () => number

export function saleFor(client: SyncClient, random: Random, cashSessionId: string) {
  const menu = menuOf(client.query('menuCategory'), client.query('menuItem'), client.query('modifierGroup'))
  const policy = client.query('policy')[0]!
  const pick = <Each>(of: readonly Each[]) => of[Math.floor(random() * of.length)]!
  const lines = Array.from({ length: pick([1, 1, 1, 2, 2, 3]) }, () => {
    // Most come for a coffee.
    const section = random() < 0.5 ? menu.sections[0]! : pick(menu.sections)
    const item = pick(section.items)
    const groups = menu.groupsOf(item)
    const modifierOptionIds = firstSelection(groups)
    const prices = groups.flatMap(({ options }) => options.filter(({ id }) => modifierOptionIds.includes(id)))
    const unitUsd = unitPrice(
      item.priceUsd,
      prices.map(({ priceUsd }) => priceUsd),
    )
    return { item, modifierOptionIds, unitUsd, quantity: pick([1, 1, 1, 1, 2]) }
  })
  const totals = totalsOf(lines, policy)
  const isInRiel = random() < 0.6
  const note = isInRiel ? 10_000 : 500
  const due = isInRiel ? totals.totalKhr : totals.totalUsd
  const paid = Math.ceil(due / note) * note
  const received = isInRiel ? { usd: 0, khr: paid } : { usd: paid, khr: 0 }
  return {
    saleId: newId(),
    cashSessionId,
    saleType: pick(['DINE_IN', 'TAKEAWAY', 'TAKEAWAY', 'DELIVERY'] as const),
    policyRevision: policy.revision,
    lines: lines.map(({ item, quantity, modifierOptionIds }) => ({
      menuItemId: item.id,
      menuItemRevision: item.revision,
      quantity,
      modifierOptionIds: [...modifierOptionIds],
    })),
    totals,
    tender: { method: 'CASH' as const, received, change: settle(received, totals, policy).change! },
  }
}

/** Mulberry32: small, and the same for the same seed. */
export function randomFrom(seed: string): Random {
  let state = [...seed].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
