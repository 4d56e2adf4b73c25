/**
 * The cash drawer of a session: what came in and went out, what should be in it, and counting it.
 */
import { type Currency, gainOf, type Money, type SaleFinalize } from '../../contract.ts'
import type { Entity } from '../../sdk/index.ts'
import { minus, plus } from '../../ui/money.ts'

export type CashSession = Entity<'cashSession'>
export type CashMovement = Entity<'cashMovement'>

/** The branch's open session; there is at most one. */
export const openSessionOf = (sessions: readonly CashSession[]): CashSession | null =>
  sessions.find(({ status }) => status === 'OPEN') ?? null

/** Amounts that may be negative. */
export type Drawer = {
  opening: Money
  paidIn: Money
  paidOut: Money
  adjustments: Money
  /** Cash of sales less the change given and refunds: what remains of `expected`. */
  sales: Money
  expected: Money
}

export function drawerOf(session: CashSession, movements: readonly CashMovement[]): Drawer {
  const ofKind = (kind: CashMovement['kind']) =>
    movements
      .filter((each) => each.cashSessionId === session.id && each.kind === kind)
      .reduce<Money>(plus, { usd: 0, khr: 0 })
  const { openingFloat: opening, expected } = session
  const [paidIn, paidOut, adjustments] = [ofKind('PAID_IN'), ofKind('PAID_OUT'), ofKind('ADJUSTMENT')]
  const sales = [opening, paidIn, paidOut, adjustments].reduce(minus, expected)
  return { opening, paidIn, paidOut, adjustments, sales, expected }
}

/** What goes back and forth when a sale is voided: what the drawer gained by it goes to the customer, what it gave comes back. */
export function refundOf(tender: SaleFinalize['tender']): { give: Money; take: Money } {
  const gained = gainOf(tender)
  const above = (amount: number) => Math.max(0, amount)
  return {
    give: { usd: above(gained.usd), khr: above(gained.khr) },
    take: { usd: above(0 - gained.usd), khr: above(0 - gained.khr) },
  }
}

/** Whether more is to leave the drawer than should be in it, of either currency: it is asked about, never refused. */
export const isMoreThanThere = (leaving: Money, { expected }: Pick<CashSession, 'expected'>): boolean =>
  (leaving.usd > 0 && leaving.usd > expected.usd) || (leaving.khr > 0 && leaving.khr > expected.khr)

/** What a drawer holds in notes: cents and riel, largest first. */
export const notes: Record<Currency, readonly number[]> = {
  USD: [10_000, 5_000, 2_000, 1_000, 500, 100],
  KHR: [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100],
}

/** How many there are of each note. */
export type Counts = Readonly<Record<number, number>>

export const totalOf = (currency: Currency, counts: Counts): number =>
  notes[currency].reduce((total, note) => total + note * (counts[note] ?? 0), 0)

/** Those that are closed, the last one first. */
export const closedOf = (sessions: readonly CashSession[]): CashSession[] =>
  sessions
    .filter(({ closedAt }) => closedAt !== undefined)
    .sort((one, other) => Date.parse(other.closedAt!) - Date.parse(one.closedAt!))

/** The session that was closed last, if any. */
export const lastClosed = (sessions: readonly CashSession[]): CashSession | null =>
  closedOf(sessions)[0] ?? null
