/**
 * What a statement is made of, by the tree that PostgreSQL's parser makes of it (libpg-query). Nodes are objects of
 * one member, named after their type.
 */
import { parse } from 'libpg-query'

// biome-ignore lint/suspicious/noExplicitAny: a tree of some 250 kinds of nodes
type Node = any

export type Parsed = { text: string; tree: Node }

/** Throws what PostgreSQL's parser says of it. */
export async function parseSql(text: string): Promise<Parsed> {
  return { text, tree: await parse(text) }
}

/** The kinds of the statements in it: `SelectStmt` ... */
export const kindsOf = ({ tree }: Parsed): string[] =>
  tree.stmts.map(({ stmt }: Node) => Object.keys(stmt)[0])

/** All nodes of a kind, without going into statements inside unless asked to. */
function nodesOf(node: Node, kind: string, { inside = true } = {}): Node[] {
  if (Array.isArray(node)) return node.flatMap((each) => nodesOf(each, kind, { inside }))
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, value]) => {
    if (!inside && isStatement(name)) return []
    return [...(name === kind ? [value] : []), ...nodesOf(value, kind, { inside })]
  })
}

const isStatement = (kind: string) => /^(Select|Insert|Update|Delete)Stmt$/.test(kind)

/** The texts that stand in a statement as they are. */
export const constantsOf = (tree: Node): string[] =>
  nodesOf(tree, 'A_Const').flatMap(({ sval }) => (sval?.sval === undefined ? [] : [sval.sval as string]))

/** The names of a column reference: `['s', 'tenant_id']`; a star has no name. */
const namesOf = (column: Node): string[] => column.fields.map((field: Node) => field.String?.sval ?? '*')

/** What a name stands for in its statement: the table, by its alias where it has one. */
type Source = { alias: string; table: string }

const sourceOf = (range: Node): Source => ({
  alias: range.alias?.aliasname ?? range.relname,
  table: range.relname,
})

/** The table of a `tenant_id` in a condition, or undefined where it is no such column. A bare one is the only table's. */
function tenantOf(node: Node, sources: readonly Source[]): string | undefined {
  if (!node?.ColumnRef) return undefined
  const names = namesOf(node.ColumnRef)
  if (names.at(-1) !== 'tenant_id') return undefined
  return names.length > 1 ? names.at(-2) : sources.length === 1 ? sources[0]!.alias : undefined
}

/** Aliases whose rows are known to be of the right tenant. */
type Tied = ReadonlySet<string>

/** Whether a condition holds only for rows of this alias that are of a given tenant, or of that of a row tied already. */
function ties(condition: Node, alias: string, sources: readonly Source[], tied: Tied): boolean {
  if (!condition) return false
  if (condition.BoolExpr) {
    const { boolop, args } = condition.BoolExpr
    if (boolop === 'AND_EXPR') return args.some((each: Node) => ties(each, alias, sources, tied))
    return boolop === 'OR_EXPR' && args.every((each: Node) => ties(each, alias, sources, tied))
  }
  const comparison = condition.A_Expr
  // As Prisma loads relations: once the tenant for each row that was found before.
  if (comparison?.kind === 'AEXPR_IN' && comparison.name[0].String.sval === '=')
    return tenantOf(comparison.lexpr, sources) === alias && comparison.rexpr.List.items.every(isParameter)
  if (comparison?.kind !== 'AEXPR_OP' || comparison.name[0].String.sval !== '=') return false
  const sides = [comparison.lexpr, comparison.rexpr]
  return sides.some((side, i) => tenantOf(side, sources) === alias && isGiven(sides[1 - i], sources, tied))
}

/** By parameter, by a row that is tied, or by what is no table here: a list that was given, a statement around this one. */
function isGiven(node: Node, sources: readonly Source[], tied: Tied): boolean {
  if (isParameter(node)) return true
  const of = tenantOf(node, sources)
  return of !== undefined && (tied.has(of) || sources.every(({ alias }) => alias !== of))
}

const isParameter = (node: Node): boolean =>
  Boolean(node?.ParamRef) || (Boolean(node?.TypeCast) && isParameter(node.TypeCast.arg))

/** All conditions of a statement that every row must fulfil: its WHERE, and its joins' ON and USING. */
function conditionsOf(statement: Node): Node[] {
  const joins = nodesOf(statement.fromClause, 'JoinExpr', { inside: false })
  return [statement.whereClause, ...joins.flatMap(({ quals, ...join }) => [quals, usingOf(join)])]
}

const columnOf = (range: Node, name: string): Node => ({
  ColumnRef: { fields: [sourceOf(range).alias, name].map((sval) => ({ String: { sval } })) },
})

/** `a join b using (tenant_id)` as the comparison that it is. */
function usingOf({ usingClause = [], larg, rarg }: Node): Node {
  const isByTenant = usingClause.some((each: Node) => each.String.sval === 'tenant_id')
  if (!isByTenant || !larg.RangeVar || !rarg.RangeVar) return undefined
  const [lexpr, rexpr] = [larg, rarg].map(({ RangeVar }) => columnOf(RangeVar, 'tenant_id'))
  return { A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '=' } }], lexpr, rexpr } }
}

/** Whether it takes a list of tenants, rather than one: `unnest($1::text[]) as x(tenant_id)`. */
export const listsTenants = (tree: Node): boolean =>
  nodesOf(tree, 'RangeFunction').some(({ alias }) =>
    alias?.colnames?.some((name: Node) => name.String.sval === 'tenant_id'),
  )

/** Tables of tenants that a statement reads or writes without saying of which tenant. */
export function untiedTables(tree: Node, tenantTables: ReadonlySet<string>): string[] {
  return ['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt'].flatMap((kind) =>
    nodesOf(tree, kind).flatMap((statement) =>
      kind === 'InsertStmt' ? untiedInsert(statement, tenantTables) : untiedIn(statement, tenantTables),
    ),
  )
}

function untiedIn(statement: Node, tenantTables: ReadonlySet<string>): string[] {
  const named = nodesOf([statement.fromClause, statement.usingClause], 'RangeVar', { inside: false })
  const sources = [...(statement.relation ? [statement.relation] : []), ...named].map(sourceOf)
  const conditions = conditionsOf(statement)
  const tied = new Set<string>()
  for (let before = -1; before < tied.size; ) {
    before = tied.size
    for (const { alias } of sources)
      if (conditions.some((each) => ties(each, alias, sources, tied))) tied.add(alias)
  }
  return sources
    .filter(({ table, alias }) => tenantTables.has(table) && !tied.has(alias))
    .map(({ table }) => table)
}

/** One column is the tenant, and its value given: by parameter, or from a column of that name. */
function untiedInsert({ relation, cols, selectStmt }: Node, tenantTables: ReadonlySet<string>): string[] {
  if (!tenantTables.has(relation.relname)) return []
  const at = (cols ?? []).findIndex(({ ResTarget }: Node) => ResTarget.name === 'tenant_id')
  const { valuesLists, targetList } = selectStmt?.SelectStmt ?? {}
  const values: Node[] = valuesLists
    ? valuesLists.map(({ List }: Node) => List.items[at])
    : [targetList?.[at]?.ResTarget.val]
  const given = (value: Node) =>
    isParameter(value) || (value?.ColumnRef && namesOf(value.ColumnRef).at(-1) === 'tenant_id')
  return at >= 0 && values.every(given) ? [] : [relation.relname]
}
