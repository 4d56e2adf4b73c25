/**
 * Commands about the years of the audit trail: which there are, and taking old ones out, while gateways run (docs/operations.md).
 */
import pg from 'pg'
import { idsOfYear, type Part, partsOf } from '../modules/audit/years.ts'
import { connect } from '../platform/connect.ts'
import { again, everyTenant, settingOf } from '../platform/row-security.ts'
import { type Command, CommandError, type Given } from './command.ts'

type Year = { year: string; table: string; isIn: boolean; events: number; bytes: number }

/** As PostgreSQL has counted them; those that were taken out too, as long as they are tables of the database. */
const yearsOf = ({ db }: Pick<Given, 'db'>) =>
  db.rows<Year>(
    `select substring(relname from 13) as year, relname as "table", relispartition as "isIn", greatest(reltuples, 0)::bigint as events,
       pg_total_relation_size(oid) as bytes
     from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname ~ '^audit_trail_([0-9]{4}|before|later)$'
     order by relname <> 'audit_trail_before', relname`,
    [],
  )

/** The parts of all years up to this one, the oldest first: without gaps, the trail can say since when it is whole. */
async function partsUpTo({ db, options: { year = '' } }: Given): Promise<Part[]> {
  if (!/^[0-9]{4}$/.test(year)) throw new CommandError('USAGE', `--year is such as 2027, not "${year}"`)
  const [now] = await db.rows<{ year: number }>(
    `select date_part('year', now() at time zone 'UTC')::int as year`,
    [],
  )
  if (Number(year) >= now!.year) throw new CommandError('REFUSED', `${year} is not over`)
  const parts = (await partsOf(db)).filter(({ to }) => to !== null && to <= nextOf(year))
  if (parts.length === 0) throw new CommandError('REFUSED', `nothing in the trail is as old as ${year}`)
  return parts
}
const nextOf = (year: string) => (Number(year) + 1) * idsOfYear

/** Says what goes, and how it comes back. */
const told = ({ table, from, to }: Part, years: readonly Year[]): string[] => {
  const { events = 0, bytes = 0 } = years.find((each) => each.table === table) ?? {}
  return [
    `${table}: about ${events} events, ${(bytes / 1_000_000).toFixed(1)} MB`,
    // Without whose rows are meant, pg_dump writes a file without rows, and says nothing.
    `  to a file: PGOPTIONS='-c ${settingOf(everyTenant).join('=')}' pg_dump --enable-row-security --table ${table} --file ${table}.sql, and then: drop table ${table}`,
    `  back again: alter table audit_trail attach partition ${table} for values from (${from ?? 'minvalue'}) to (${to})`,
  ]
}

/** No id of these years is given any more, whatever the clock says: there would be no place for it. */
const lowestSql = (year: string) => `set local lock_timeout = '2s';
  lock table only audit_trail in share row exclusive mode;
  select setval('audit_trail_id_seq', ${nextOf(year)} + last_value % ${idsOfYear}) from audit_trail_id_seq where last_value < ${nextOf(year)}`

/** Who reads or writes goes on meanwhile; it waits for transactions that began before, such as a backup's. */
async function takeOut(client: pg.Client, { table, isGoing }: Part): Promise<void> {
  const { rows } = await client.query("select current_setting('server_version_num')::int >= 140000 as can")
  const out = `alter table audit_trail detach partition ${pg.escapeIdentifier(table)}`
  if (rows[0].can) await client.query(`${out} ${isGoing ? 'finalize' : 'concurrently'}`)
  else await again(() => client.query(`set local lock_timeout = '2s'; ${out}`))
}

export const trail: Record<string, Command> = {
  'trail years': {
    args: [],
    does: 'the years of the audit trail, how many events each has (about), and whether it is in the trail',
    async run(given) {
      return { rows: (await yearsOf(given)).map((year) => ({ ...year })) }
    },
  },
  'trail detach': {
    args: [],
    needs: ['year'],
    does: 'takes this year and all before it out of the audit trail; each stays as a table of its own, to be put elsewhere or dropped',
    inParts: true,
    async run(given) {
      const { databaseUrl, options, isDryRun } = given
      const parts = await partsUpTo(given)
      const years = await yearsOf(given)
      const said = parts.flatMap((part) => told(part, years))
      if (isDryRun)
        return { said: ['these would be tables of their own, and no part of the trail:', ...said] }
      const client = await connect(databaseUrl)
      try {
        await again(() => client.query(lowestSql(options.year!)))
        for (const part of parts) await takeOut(client, part)
      } finally {
        await client.end()
      }
      return { said: ['these are tables of their own now, and no part of the trail:', ...said] }
    },
  },
}
