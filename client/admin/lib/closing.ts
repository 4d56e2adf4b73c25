/** Closings: what a difference comes to after what supplements have explained since, and a table of them. */
import type { ClosingStatementEntity, ClosingSupplementEntity } from '../../contract.ts'
import { type Cell, plainUsd } from './csv.ts'

export type Told = {
  readonly content: ClosingStatementEntity
  readonly supplements: readonly Pick<ClosingSupplementEntity, 'usd' | 'khr'>[]
}

/** Operations that had not come when it was closed, and refused ones. */
export const outsideCount = ({ outside }: ClosingStatementEntity): number =>
  outside.devices.reduce((sum, { numbers }) => sum + (numbers ?? 0), 0) + outside.refused.count

/** What supplements have booked of it since. */
export const laterOf = ({ supplements }: Pick<Told, 'supplements'>) => ({
  usd: supplements.reduce((sum, each) => sum + each.usd, 0),
  khr: supplements.reduce((sum, each) => sum + each.khr, 0),
})

/** What the drawer differed by, less what supplements have explained since; null: nobody counted it. */
export function leftOf(told: Told): { usd: number; khr: number } | null {
  const { difference } = told.content
  const later = laterOf(told)
  return difference && { usd: difference.usd - later.usd, khr: difference.khr - later.khr }
}

export const kindsOfClosing = ['all', 'different', 'outside'] as const
export type KindOfClosing = (typeof kindsOfClosing)[number]

/** `different`: something of it is not explained; `outside`: something was not here, or has come since. */
export function isOfKind(told: Told, kind: KindOfClosing): boolean {
  if (kind === 'different') {
    const left = leftOf(told)
    return left === null || left.usd !== 0 || left.khr !== 0
  }
  return kind === 'all' || outsideCount(told.content) > 0 || told.supplements.length > 0
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
] as const

/** As a spreadsheet reads it: dollars with cents, whole riel; empty where nobody counted. */
export function closingsTable(
  closings: readonly (Told & { hash: string })[],
  nameOf: (accountId: string) => string,
): Cell[][] {
  const both = (of: { usd: number; khr: number } | null): Cell[] =>
    of ? [plainUsd(of.usd), of.khr] : ['', '']
  const plus = (one: { usd: number; khr: number }, other: { usd: number; khr: number }) => ({
    usd: one.usd + other.usd,
    khr: one.khr + other.khr,
  })
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
    ]
  })
  return [[...columns], ...rows]
}
