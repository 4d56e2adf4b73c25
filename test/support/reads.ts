/**
 * What PostgreSQL goes through for what the gateway asks of it: each statement is run again by itself, and PostgreSQL says how
 * many rows it went through. The gateway is one of this process.
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

/** To be called before the gateway is started: a connection keeps the method that it is opened with. */
export function watchReads() {
  const { prototype } = pg.Client
  const { query } = prototype
  let sent: { text: string; values: unknown[] }[] = []
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [{ text = '', values = [] }] = args as [{ text?: string; values?: unknown[] }]
    sent.push({ text, values })
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
      for (const { text, values } of sent.slice()) {
        if (!/^\s*(select|with)/i.test(text)) continue
        const { rows } = await beside.query(`explain (analyze, format json) ${text}`, values)
        const read = mostRows(rows[0]['QUERY PLAN'][0].Plan)
        if (read > most.rows) most = { rows: read, text }
      }
      return most
    },
    stop() {
      prototype.query = query
    },
  }
}
