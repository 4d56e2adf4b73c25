/**
 * What a session comes to: sums that move with the rows that a decision writes, so that a closing reads one row, however long
 * the session was. It rides on whatever moves cash.
 */
import type { Accepted, Operation, Rider } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row, Write } from '../../sync/table.ts'
import { cashMovements, cashSessions } from '../cash-session/tables.ts'
import { sales } from '../sale/tables.ts'
import type { DevicePart, Figure, Tally } from './contract.ts'
import { tallies, tallyOf } from './tables.ts'

type Movement = Row<typeof cashMovements>
type Sale = Row<typeof sales>

/** Devices that a session names; the operations of further ones are only counted. */
const maxDevices = 50

const none = (): Figure => ({ count: 0, usd: 0, khr: 0 })
const nothing = () => ({ count: 0, totalUsd: 0 })

export const emptyTally = (): Tally => ({
  sales: { ...none(), totalUsd: 0, byTender: { USD: nothing(), KHR: nothing(), MIXED: nothing() } },
  voids: { ...none(), totalUsd: 0 },
  paidIn: none(),
  paidOut: none(),
  adjustments: none(),
  receipts: null,
  devices: [],
  otherOperations: 0,
})

const plus = <F extends Figure>(figure: F, { usd, khr }: Movement): F => ({
  ...figure,
  count: figure.count + 1,
  usd: figure.usd + usd,
  khr: figure.khr + khr,
})

const placeOf: Record<string, 'paidIn' | 'paidOut' | 'adjustments'> = {
  PAID_IN: 'paidIn',
  PAID_OUT: 'paidOut',
  ADJUSTMENT: 'adjustments',
}

/** The tally with one more movement; `sale`: the one that it is of. */
function withMovement(tally: Tally, movement: Movement, sale: Sale | undefined): Tally {
  const place = placeOf[movement.kind]
  if (place) return { ...tally, [place]: plus(tally[place], movement) }
  if (!sale) return tally
  const totalUsd = sale.totals.totalUsd
  if (movement.kind === 'REFUND') {
    const voids = plus(tally.voids, movement)
    return { ...tally, voids: { ...voids, totalUsd: voids.totalUsd + totalUsd } }
  }
  const form = 'currency' in sale.tender ? sale.tender.currency : 'MIXED'
  const before = tally.sales.byTender[form]
  const all = plus(tally.sales, movement)
  const byTender = {
    ...all.byTender,
    [form]: { count: before.count + 1, totalUsd: before.totalUsd + totalUsd },
  }
  const { first, last } = tally.receipts ?? { first: sale.receiptNumber, last: sale.receiptNumber }
  return {
    ...tally,
    sales: { ...all, totalUsd: all.totalUsd + totalUsd, byTender },
    receipts: { first: Math.min(first, sale.receiptNumber), last: Math.max(last, sale.receiptNumber) },
  }
}

/** The tally with one more operation of a device; the direct lane has none. */
export function withDevice(tally: Tally, { deviceId, link }: Operation): Tally {
  if (deviceId === null) return tally
  const chain = link?.chain ?? null
  const at = tally.devices.findIndex((part) => part.deviceId === deviceId && part.chain === chain)
  if (at === -1 && tally.devices.length >= maxDevices)
    return { ...tally, otherOperations: tally.otherOperations + 1 }
  const known: DevicePart = tally.devices[at] ?? {
    ...{ deviceId, chain, operations: 0 },
    ...{ from: link?.deviceSeq ?? null, to: null, link: null },
  }
  const isLast = link && (known.to === null || link.deviceSeq > known.to)
  const part: DevicePart = {
    ...known,
    operations: known.operations + 1,
    from: link ? Math.min(known.from ?? link.deviceSeq, link.deviceSeq) : null,
    ...(isLast ? { to: link.deviceSeq, link: link.link } : {}),
  }
  return { ...tally, devices: at === -1 ? [...tally.devices, part] : tally.devices.with(at, part) }
}

const rowsOf = <R>(writes: readonly Write[], table: Write['table']): R[] =>
  writes.flatMap((write) => (write.table === table ? [write.row as R] : []))

/** The rows that what was decided adds to the tallies of its sessions. */
function tallied(state: State, op: Operation, { writes }: Accepted): Write[] {
  const [session] = rowsOf<Row<typeof cashSessions>>(writes, cashSessions)
  if (!session) return []
  const sold = new Map(rowsOf<Sale>(writes, sales).map((sale) => [sale.id, sale]))
  const before = state.get(tallies, session.id)?.tally ?? emptyTally()
  const moved = rowsOf<Movement>(writes, cashMovements).reduce(
    (tally, movement) => withMovement(tally, movement, sold.get(movement.saleId ?? '')),
    before,
  )
  return [
    tallies.row({ cashSessionId: session.id, branchId: session.branchId, tally: withDevice(moved, op) }),
  ]
}

const named = ({ payload }: Operation) => tallyOf((payload as { cashSessionId: string }).cashSessionId)

export const tallyRiders: readonly Rider[] = [
  {
    types: ['cashSession.open', 'cashSession.movement', 'sale.finalize', 'cashSession.bookRefused'],
    reads: [(op) => [named(op)]],
    rides: tallied,
  },
  {
    // A refund is of the session that is open.
    types: ['sale.void'],
    reads: [
      () => [],
      ({ branchId }, state) =>
        state
          .filter(cashSessions, (session) => session.branchId === branchId && session.status === 'OPEN')
          .map(({ id }) => tallyOf(id)),
    ],
    rides: tallied,
  },
]
