/** Payloads as the app of a till makes them: from what the client shows at that moment. */
import fc from 'fast-check'
import type { OfflinePayloads, OfflineType } from '../../../../client/sdk/index.ts'
import { changeOf, mixedChangeOf, totalsOf, unitPrice } from '../../../../src/modules/sale/pricing.ts'
import type { Device } from '../device.ts'

export type Drawn = {
  /** Which of the things on the screen, by place. */
  picks: number[]
  amount: number
  inUsd: boolean
}
export const drawn = {
  picks: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
  amount: fc.nat(5000),
  inUsd: fc.boolean(),
}

export const openSession = ({ client }: Device) =>
  client.query('cashSession', { where: { status: 'OPEN' } })[0]
export const runningWork = ({ client }: Device) => {
  const actorId = client.status().context?.actorId
  return client.query('attendance', {
    where: (each) => each.actorId === actorId && each.status === 'ACTIVE',
  })[0]
}

/** A cart and its payment, to the cent; undefined where the till shows nothing that could be sold. */
export function saleOf(
  device: Device,
  { picks, amount, inUsd }: Drawn,
): OfflinePayloads['sale.finalize'] | undefined {
  const { client } = device
  const items = client.query('menuItem', { where: { archived: false } })
  const policy = client.query('policy')[0]
  if (items.length === 0 || !policy) return undefined
  const lines = picks.map((pick) => {
    const item = items[pick % items.length]!
    const options = item.modifierGroupIds
      .flatMap((id) => client.get('modifierGroup', id)?.options ?? [])
      .slice(0, pick % 2)
    return {
      line: {
        menuItemId: item.id,
        menuItemRevision: item.revision,
        quantity: 1 + (pick % 3),
        modifierOptionIds: options.map(({ id }) => id),
      },
      unitUsd: unitPrice(
        item.priceUsd,
        options.map(({ priceUsd }) => priceUsd),
      ),
    }
  })
  const totals = totalsOf(
    lines.map(({ line, unitUsd }) => ({ unitUsd, quantity: line.quantity })),
    policy,
  )
  const currency = inUsd ? 'USD' : 'KHR'
  const received = amount + (inUsd ? totals.totalUsd : totals.totalKhr)
  const inBoth = amount % 2 === 1
  const both = { usd: Math.floor(totals.totalUsd / 2), khr: totals.totalKhr + amount }
  return {
    saleId: device.newId(),
    cashSessionId: openSession(device)?.id ?? device.newId(),
    saleType: 'TAKEAWAY',
    policyRevision: policy.revision,
    lines: lines.map(({ line }) => line),
    totals,
    tender: inBoth
      ? { method: 'CASH', received: both, change: mixedChangeOf(both, totals.totalUsd, policy)! }
      : { method: 'CASH', currency, received, change: changeOf({ currency, received }, totals, policy)! },
  }
}

export const makers: {
  [Type in OfflineType]: (device: Device, drawn: Drawn) => OfflinePayloads[Type] | undefined
} = {
  'cashSession.open': (device, { amount }) => ({
    cashSessionId: device.newId(),
    openingFloat: { usd: amount, khr: amount * 4000 },
  }),
  'cashSession.movement': (device, { picks, amount, inUsd }) => ({
    movementId: device.newId(),
    cashSessionId: openSession(device)?.id ?? device.newId(),
    kind: (['PAID_IN', 'PAID_OUT', 'ADJUSTMENT'] as const)[picks[0]! % 3]!,
    currency: inUsd ? 'USD' : 'KHR',
    amount: amount + 1,
    reason: `because of ${amount}`,
  }),
  'cashSession.close': (device, { amount }) => ({
    cashSessionId: openSession(device)?.id ?? device.newId(),
    counted: { usd: amount, khr: 0 },
  }),
  'sale.finalize': saleOf,
  'inventory.waste': (_, { amount }) => ({
    stockItemId: 'beans',
    quantity: amount + 1,
    reason: `wasted ${amount}`,
  }),
  'attendance.startWork': (device) => ({ attendanceId: device.newId() }),
  'attendance.endWork': (device) => ({ attendanceId: runningWork(device)?.id ?? device.newId() }),
  // Queued by what gives another up (`wayOut`).
  'operation.giveUp': () => undefined,
}
