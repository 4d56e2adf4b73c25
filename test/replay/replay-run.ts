/**
 * What tests of the replay have in common: gateways and databases that end with the test, a run, and what it left.
 */
import { onTestFinished } from 'vitest'
import { createGateway } from '../../replay/gateway.ts'
import type { Persistence } from '../../replay/persistence.ts'
import { plainLines } from '../../replay/progress.ts'
import { replay } from '../../replay/replay.ts'
import type { Report } from '../../replay/report.ts'
import { sdkTills } from '../../replay/sdk-tills.ts'
import { httpTills, type OpenTill } from '../../replay/transport.ts'
import { createTestDatabase } from '../support/database.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { type Deed, type NetworkProxy, startProxy } from './proxy.ts'

export const closing = <T extends { close: () => Promise<unknown> }>(what: T): T => {
  onTestFinished(async () => void (await what.close()))
  return what
}

export const aDatabase = async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  return database.url
}
export const aGateway = async () => closing(await startGateway())
export const aProxy = async (
  target: () => string,
  onPush: (push: number) => Deed | Promise<Deed>,
): Promise<NetworkProxy> => closing(await startProxy(target, onPush))

export const batchSize = 20
export const atOnce: Persistence = { tries: 3, sleep: async () => {}, random: () => 0 }

type Run = {
  staff?: string
  pin?: string
  retry?: boolean
  persistence?: Persistence
  around?: (open: OpenTill) => OpenTill
  /** Through the SDK's queue. */
  viaClient?: boolean
}

/** One replay, in batches of 20, at a gateway or at a proxy before it. */
export function run(file: string, url: string, options: Run = {}): Promise<Report> {
  const {
    staff = 'admin',
    pin = '1234',
    retry = false,
    persistence = atOnce,
    around = (open) => open,
    viaClient = false,
  } = options
  const credentials = { tenantId: 'demo', staffCode: staff, pin, deviceId: 'replay' }
  const gateway = createGateway(url, credentials, persistence)
  const openTill = viaClient
    ? sdkTills({ url, staffCode: staff, pin, queueFolder: null, retry, persistence })
    : around(httpTills(gateway, { retry }))
  const progress = plainLines(() => {})
  return replay({ file, tenantId: 'demo', gateway, openTill, batchSize, progress, now: Date.now })
}

export const counts = ({ outcomes }: Report) =>
  Object.fromEntries(outcomes.filter(({ count }) => count > 0).map(({ text, count }) => [text, count]))
export const moneyAtGateway = ({ stores }: Report) =>
  Object.fromEntries(stores.map(({ storeId, atGateway }) => [storeId, atGateway]))

/** Every row of every table, but for when devices and people were last seen. */
export async function everything({ app: { db } }: Gateway) {
  const tables = await db.everyTenant.rows<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'
       and table_name not in ('sync_checkpoint', 'sync_device_report') order by 1`,
    [],
  )
  const contents: Record<string, unknown> = {}
  for (const { name } of tables)
    contents[name] = await db.everyTenant.rows(
      `select count(*), md5(string_agg(row, '|' order by row)) from (
         select (to_jsonb(t) - 'last_seen_at' - 'last_push_at' - 'signed_in_at')::text as row from "${name}" t) rows`,
      [],
    )
  return contents
}

export type Session = { status: string; expected_usd: number; counted_usd: number }

/** What the tills left behind, without when the server decided it. */
export async function books({ app: { db } }: Gateway) {
  const sales = await db.everyTenant.rows(
    `select branch_id, id, client_op_id, receipt_number, status, cash_session_id, lines::text, totals::text,
       tender::text, finalized_at from sale order by 1, 2`,
    [],
  )
  const sessions = await db.everyTenant.rows<Session>(
    `select id, branch_id, status, opened_at, expected_usd, counted_usd, closed_at from cash_session order by 1`,
    [],
  )
  return { sales, sessions }
}

export const salesIn = async ({ app: { db } }: Gateway) =>
  (await db.everyTenant.rows<{ count: number }>('select count(*) from sale', []))[0]!.count
