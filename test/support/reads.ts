/**
 * What PostgreSQL goes through for what the gateway asks of it: each statement is run again by itself, and PostgreSQL says how
 * many rows it went through; one that a connection keeps prepared also by the plan that serves whoever asks, which PostgreSQL
 * may take from the sixth time on. The gateway is one of this process.
 */
import pg from 'pg'

type Node = { Plans?: Node[]; 'Actual Rows': number; 'Actual Loops': number } & Record<string, unknown>

/** Rows that a node of a plan went through, or the one below it that went through most. */
function mostRows(node: Node): number {
  const thrownAway =
    Number(node['Rows Removed by Filter'] ?? 0) + Number(node['Rows Removed by Join Filter'] ?? 0)
  return Math.max(
    (node['Actual Rows'] + thrownAway) * node['Actual Loops'],
    ...(node.Plans ?? []).map(mostRows),
  )
}

type Sent = { text: string; values: unknown[]; name: string }

/** As it runs with these values, and, where it is prepared, as it runs with whichever. Nothing that it writes stays. */
async function plansOf(beside: pg.Client, { text, values, name }: Sent): Promise<Node[]> {
  await beside.query('begin')
  const asGiven = await beside.query(`explain (analyze, format json) ${text}`, values)
  await beside.query('rollback')
  const planOf = ({ rows }: pg.QueryResult): Node => rows[0]['QUERY PLAN'][0].Plan
  if (!name || values.length === 0) return [planOf(asGiven)]
  await beside.query('begin; set local plan_cache_mode = force_generic_plan')
  await beside.query(`prepare watched as ${text}`)
  const places = values.map((_, i) => `$${i + 1}::text`)
  const { rows } = await beside.query(
    `select format('explain (analyze, format json) execute watched(${values.map(() => '%L')})', ${places}) as execute`,
    values,
  )
  const asEver = await beside.query(rows[0].execute)
  await beside.query('rollback; deallocate watched')
  return [planOf(asGiven), planOf(asEver)]
}

/** To be called before the gateway is started: a connection keeps the method that it is opened with. */
export function watchReads() {
  const { prototype } = pg.Client
  const { query } = prototype
  let sent: Sent[] = []
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [{ text = '', values = [], name = '' }] = args as [Partial<Sent>]
    sent.push({ text, values, name })
    return Reflect.apply(query, this, args)
  } as typeof query

  return {
    /** The most rows that a statement goes through which the gateway sends while it answers; asked over another connection. */
    async mostReadBy(
      beside: pg.Client,
      answer: () => Promise<unknown>,
    ): Promise<{ rows: number; text: string }> {
      sent = []
      await answer()
      let most = { rows: 0, text: '' }
      for (const each of sent.slice()) {
        if (!/^\s*(select|with)/i.test(each.text)) continue
        const read = Math.max(...(await plansOf(beside, each)).map(mostRows))
        if (read > most.rows) most = { rows: read, text: each.text }
      }
      return most
    },
    stop() {
      prototype.query = query
    },
  }
}
