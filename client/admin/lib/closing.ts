/** Closings: what a difference comes to after what supplements have explained since, and a table of them. */
import type { ClosingStatementEntity, ClosingSupplementEntity, Money } from '../../contract.ts'
import { isNothing, minus, plus } from '../../ui/money.ts'
import { type Cell, plainUsd } from './csv.ts'

/** What came too late, of one device and with one outcome; null: nobody has dealt with it. */
export type Late = {
  readonly deviceId?: string | null | undefined
  readonly outcome?: string | null | undefined
  readonly count: number
  readonly cash: { readonly usd: number; readonly khr: number }
}

export type Told = {
  readonly content: ClosingStatementEntity
  readonly supplements: readonly Pick<ClosingSupplementEntity, 'usd' | 'khr' | 'entries'>[]
  readonly late: readonly Late[]
}

/** As the gateway answers, with what is in its JSON. */
export function toldOf<
  Node extends { content: unknown; supplements: { edges: { node: { content: unknown } }[] } },
>(node: Node) {
  return {
    ...node,
    content: node.content as ClosingStatementEntity,
    supplements: node.supplements.edges.map(({ node: { content } }) => content as ClosingSupplementEntity),
  }
}

/** What came too late and is in no supplement: it waits, is in another session's books, or was given up. */
export const outcomesOfLate = ['waits', 'BOOKED', 'GIVEN_UP'] as const

export const sumOf = (late: readonly Late[]) => ({
  count: late.reduce((sum, each) => sum + each.count, 0),
  usd: late.reduce((sum, { cash }) => sum + cash.usd, 0),
  khr: late.reduce((sum, { cash }) => sum + cash.khr, 0),
})

export const lateOf = ({ late }: Pick<Told, 'late'>, outcome: (typeof outcomesOfLate)[number]) =>
  sumOf(late.filter((each) => (each.outcome ?? 'waits') === outcome))

/** Operations that had not come when it was closed, and refused ones. */
export const outsideCount = ({ outside }: ClosingStatementEntity): number =>
  outside.devices.reduce((sum, { numbers }) => sum + (numbers ?? 0), 0) + outside.refused.count

/** What supplements have booked of it since. */
export const laterOf = ({ supplements }: Pick<Told, 'supplements'>) => ({
  count: supplements.reduce((sum, { entries }) => sum + entries.length, 0),
  usd: supplements.reduce((sum, each) => sum + each.usd, 0),
  khr: supplements.reduce((sum, each) => sum + each.khr, 0),
})

/** What the drawer differed by, less what supplements have booked since; null: nobody counted it. */
export function leftOf(told: Told): Money | null {
  const { difference } = told.content
  return difference && minus(difference, laterOf(told))
}

/** What of the difference nothing explains that came since, booked or not; null: nobody counted it. */
export function unexplainedOf(told: Told): Money | null {
  const left = leftOf(told)
  return left && [lateOf(told, 'waits'), lateOf(told, 'BOOKED')].reduce<Money>(minus, left)
}

export const kindsOfClosing = ['all', 'different', 'outside'] as const
export type KindOfClosing = (typeof kindsOfClosing)[number]

/** `different`: something of it is in no books; `outside`: something was not here, or has come since. */
export function isOfKind(told: Told, kind: KindOfClosing): boolean {
  if (kind === 'different') {
    const left = leftOf(told)
    return left === null || !isNothing(left)
  }
  return kind === 'all' || outsideCount(told.content) > 0 || told.supplements.length + told.late.length > 0
}

const columns = [
  'number',
  'closedAt',
  'closedBy',
  'sales',
  'salesUsd',
  'voids',
  'openingUsd',
  'openingKhr',
  'cashUsd',
  'cashKhr',
  'paidInUsd',
  'paidInKhr',
  'paidOutUsd',
  'paidOutKhr',
  'adjustedUsd',
  'adjustedKhr',
  'expectedUsd',
  'expectedKhr',
  'countedUsd',
  'countedKhr',
  'differenceUsd',
  'differenceKhr',
  'outside',
  'supplementsUsd',
  'supplementsKhr',
  'leftUsd',
  'leftKhr',
  'hash',
  'waitingUsd',
  'waitingKhr',
  'unexplainedUsd',
  'unexplainedKhr',
] as const

/** As a spreadsheet reads it: dollars with cents, whole riel; empty where nobody counted. */
export function closingsTable(
  closings: readonly (Told & { hash: string })[],
  nameOf: (accountId: string) => string,
): Cell[][] {
  const both = (of: Money | null): Cell[] => (of ? [plainUsd(of.usd), of.khr] : ['', ''])
  const rows = closings.map((told): Cell[] => {
    const of = told.content
    return [
      ...[
        of.number,
        of.closedAt,
        nameOf(of.closedBy),
        of.sales.count,
        plainUsd(of.sales.totalUsd),
        of.voids.count,
      ],
      ...both(of.openingFloat),
      ...both(plus(of.sales, of.voids)),
      ...[of.paidIn, of.paidOut, of.adjustments, of.expected, of.counted, of.difference].flatMap(both),
      outsideCount(of),
      ...both(laterOf(told)),
      ...both(leftOf(told)),
      told.hash,
      ...both(lateOf(told, 'waits')),
      ...both(unexplainedOf(told)),
    ]
  })
  return [[...columns], ...rows]
}
