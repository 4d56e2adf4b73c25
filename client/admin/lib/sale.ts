/** A sale as it is read: what the schema calls JSON has these shapes (`src/modules/sale/contract.ts`). */
import { type Cash, cashOf, type SoldLine, type Tender } from '../../contract.ts'
import type { SalesQuery, TakingsQuery } from '../generated/graphql.ts'

export type Sale = SalesQuery['sales']['edges'][number]['node']

export const linesOf = ({ lines }: Pick<Sale, 'lines'>): readonly SoldLine[] =>
  lines as unknown as readonly SoldLine[]
export const cashOfSale = ({ tender }: Pick<Sale, 'tender'>): Cash => cashOf(tender as unknown as Tender)

/** How many things were sold in it. */
export const itemCount = (lines: readonly Pick<SoldLine, 'quantity'>[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0)

/** Cents a sale, rounded; 0 where there is none. */
export const averageOf = ({
  sales,
  totalUsd,
}: Pick<TakingsQuery['takings'], 'sales' | 'totalUsd'>): number =>
  sales === 0 ? 0 : Math.round(totalUsd / sales)
