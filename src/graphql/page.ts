/**
 * Pages of the typed reads. Their cursors name a row by its key, and clients can make some of their own.
 */
import { z } from 'zod'
import { isStorable } from '../sync/inspect.ts'
import { badInput } from './errors.ts'

/** What the last column of a key may hold. */
const kinds = {
  text: z.string().refine(isStorable),
  uuid: z.guid(),
  number: z
    .bigint()
    .min(0n)
    .max(2n ** 63n - 1n),
}

// biome-ignore lint/suspicious/noExplicitAny: of whichever model
type Any = any
type Key = Readonly<Record<string, unknown>>
type Order = Readonly<Record<string, 'asc' | 'desc'>>

/** Rows of a model, of the tenant that is asked about, as a list has them. */
export type Listed<Row> = {
  readonly of: { findMany(args: Any): Promise<Row[]> }
  /** The columns of the key but the last one, which is of this kind. */
  readonly place: Readonly<Record<string, string>>
  readonly key: keyof typeof kinds
  readonly where: object
  readonly orderBy: Order | readonly Order[]
}

/** What Pothos makes of a connection's arguments: rows after the cursor's, or before it where fewer than none are taken. */
type Asked = { readonly take?: number; readonly skip?: number; readonly cursor?: object }

/** The page that was asked for. */
export async function pageOf<Row>(asked: Asked, list: Listed<Row>): Promise<Row[]> {
  const { take, skip: _, cursor: __, ...rest } = asked
  const where = await whereOf(asked, list)
  return where ? list.of.findMany({ ...rest, take, where, orderBy: list.orderBy }) : []
}

/**
 * Which rows are beyond the cursor's; null: it is of none. (Left to itself, Prisma reads all that there is from the cursor on,
 * and cuts the page out of it.) Throws where the cursor is about no row of this place: elsewhere the answer would tell
 * whether there is such a row, whoever it belongs to.
 */
export async function whereOf(
  { take = 0, cursor }: Asked,
  { of, place, key, where, orderBy }: Listed<unknown>,
): Promise<object | null> {
  const [named] = Object.values(cursor ?? {}) as Key[]
  if (!named) return where
  for (const [column, value] of Object.entries(named)) {
    const fits = column in place ? value === place[column] : kinds[key].safeParse(value).success
    if (!fits) throw badInput('The cursor does not belong to this list.')
  }
  const columns = [orderBy].flat().flatMap((each: Order) => Object.entries(each))
  const select = Object.fromEntries(columns.map(([name]) => [name, true]))
  const isSaid = columns.every(([name]) => name in named)
  const row = isSaid ? named : ((await of.findMany({ where: named, select, take: 1 }))[0] as Key | undefined)
  if (!row) return null
  const beyond = columns.reduceRight<object | undefined>((further, [name, direction]) => {
    const than = (direction === 'asc') === take >= 0 ? 'gt' : 'lt'
    const isBeyond = { [name]: { [than]: row[name] } }
    return further ? { [name]: { [`${than}e`]: row[name] }, OR: [isBeyond, further] } : isBeyond
  }, undefined)
  return { AND: [where, beyond] }
}
