/**
 * Pages of rows that may be long: whoever has a queue can have 64 kB refused, operation by operation, and a page of 200 of
 * them held the event loop for 0.4 s. Such a page ends where it has half a megabyte, and says that there is more.
 */
import { type PrismaObjectRef, prismaConnectionHelpers } from '@pothos/plugin-prisma'
import type PrismaTypes from '../generated/pothos.ts'
import type { Builder, SchemaTypes } from './builder.ts'
import type { Context } from './context.ts'
import { type Listed, whereOf } from './page.ts'

/** A page ends after the step in which its rows have so many characters. */
const pageLength = 500_000
/** Rows that are read at once, and where those before were short: 64 kB is what a row may have. */
const stepRows = 10
const mostStepRows = 40
/** As of other lists. */
const most = 200

/** The branches that whoever asks is assigned to: of these, or all of them. */
type BranchesOf = (among?: readonly string[]) => Promise<string[]>

type Args = { first?: number | null; last?: number | null; before?: string | null; after?: string | null }
// biome-ignore lint/suspicious/noExplicitAny: of whichever model
type Any = any
type List<Row> = Listed<Row> & {
  /** Left out where the rows are of one branch; else whoever asks is told of theirs alone, and of what is no branch's. */
  readonly branchesOf?: BranchesOf | undefined
  /** The rows with what other tables say of them. */
  readonly told?: (rows: Row[]) => Promise<Row[]>
}

type Shape<Type extends keyof PrismaTypes> = PrismaTypes[Type]['Shape']
/** Said in full: what a package tells of its types names none that are others' own. */
type LongPages<Type extends keyof PrismaTypes> = {
  readonly type: PrismaObjectRef<SchemaTypes, PrismaTypes[Type], Shape<Type>>
  /** The page that `args` ask for: its keys at once, then the rows, step by step. */
  page<Row extends object>(
    args: Args,
    context: Context,
    list: List<Row>,
  ): Promise<{
    edges: { cursor: string; node: Shape<Type> }[]
    pageInfo: {
      startCursor: string | null
      endCursor: string | null
      hasPreviousPage: boolean
      hasNextPage: boolean
    }
  }>
}

/** `cursor`: the key by which Prisma finds a row, its columns with underscores between. */
export function longPages<Type extends keyof PrismaTypes & string>(
  builder: Builder,
  type: Type,
  cursor: string,
): LongPages<Type> {
  const columns = cursor.split('_')
  const last = columns.at(-1)!
  const select = Object.fromEntries(columns.map((name) => [name, true]))
  const helpers = prismaConnectionHelpers(builder, type, {
    cursor: cursor as never,
    // Backwards there is no end that could come sooner.
    maxSize: ({ last, before }) => (last != null || before != null ? stepRows : most),
  })
  return {
    type: helpers.ref as Any,
    async page(args, context, list) {
      const { of, place, orderBy, told = async (rows) => rows } = list
      const asked = helpers.getQuery(args as never, context, () => true) as Any
      const where = await whereOf(asked, list)
      const found = where ? await keysOf({ ...list, where }, asked.take, select) : []
      const keys = found.map((row) => row[last])
      const rows: object[] = []
      let at = 0
      let n = stepRows
      for (let length = 0; at < keys.length && length < pageLength; ) {
        const step = keys.slice(at, at + n)
        const more = await told(await of.findMany({ where: { ...place, [last]: { in: step } }, orderBy }))
        rows.push(...more)
        length += JSON.stringify(more, numbersAsText).length
        at += n
        n = length < pageLength / 8 ? Math.min(2 * n, mostStepRows) : stepRows
      }
      const isCut = at < keys.length
      const shown = isCut ? { ...args, first: rows.length - 1 } : args
      return helpers.resolve(rows as never, shown as never, context) as Any
    },
  }
}

/**
 * The keys of a page's rows, in whoever's branches they are: told by the rows' own branches, for whoever looks after all
 * ten thousand as quickly as for one. Only where too few are theirs are their branches named.
 */
async function keysOf<Row>(list: List<Row>, page: number, select: object): Promise<Any[]> {
  const { of, where, orderBy, branchesOf } = list
  if (!branchesOf) return of.findMany({ take: page, where, orderBy, select })
  const take = 2 * page
  const any: Any[] = await of.findMany({ take, where, orderBy, select: { ...select, branchId: true } })
  const named = [...new Set(any.map(({ branchId }) => branchId))].filter((id) => id !== null)
  const own = new Set([null, ...(await branchesOf(named))])
  const theirs = any.filter(({ branchId }) => own.has(branchId))
  if (any.length < Math.abs(take) || theirs.length >= Math.abs(page))
    return page < 0 ? theirs.slice(page) : theirs.slice(0, page)
  const inTheirs = { OR: [{ branchId: { in: await branchesOf() } }, { branchId: null }] }
  return of.findMany({ take: page, where: { AND: [where, inTheirs] }, orderBy, select })
}

const numbersAsText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
