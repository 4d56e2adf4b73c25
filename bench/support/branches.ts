/** Many branches, as copies of the café's first one. */
import type pg from 'pg'
import { branchName, sessionOf, tenantId } from './cafe.ts'
import { copyRows, withoutIndexes } from './copy.ts'
import { vacuumAnalyze } from './stage.ts'

/** Adds branches until there are `count`: each with its policy, stock, open cash session, and its own stream. */
export async function addBranches(db: pg.Client, count: number): Promise<void> {
  const ids = Array.from({ length: count - 1 }, (_, i) => branchName(i + 1))
  const copy = (table: string, set: Record<string, string> = {}) =>
    copyRows(db, table, {
      across: 'cross join unnest($3::text[], $4::uuid[]) as b(branch_id, session_id)',
      where: 't.tenant_id = $1 and t.branch_id = $2',
      set: { branch_id: 'b.branch_id', ...set },
      values: [tenantId, branchName(0), ids, ids.map(sessionOf)],
    })
  for (const table of ['branch', 'policy', 'policy_revision', 'stock_item']) await copy(table)
  await copy('cash_session', { id: 'b.session_id' })
  await copy('sync_stream', { epoch: 'gen_random_uuid()' })
  await withoutIndexes(db, ['sync_change'], () =>
    copy('sync_change', {
      entity_id: `case when t.entity_kind in ('branch', 'policy') then b.branch_id
        when t.entity_kind = 'cashSession' then b.session_id::text else t.entity_id end`,
    }),
  )
  // Whoever opens a branch is assigned to it.
  await copy('member_branch')
  await vacuumAnalyze(db)
}

/** Adds devices, each of which has pulled one of the branches and reported. */
export async function addDevices(db: pg.Client, count: number, branches: number): Promise<void> {
  const device = `from generate_series(1, $2::int) as i`
  await db.query(
    `insert into sync_device (tenant_id, device_id, first_seen_at, last_seen_at, last_push_at, received_seqs)
     select $1, 'device-' || i, now(), now(), now(), '{[1,1000]}' ${device}`,
    [tenantId, count],
  )
  await db.query(
    `insert into sync_checkpoint (tenant_id, device_id, branch_id, account_id, pulled_seq, pulled_at)
     select $1, 'device-' || i, 'branch-' || lpad((i % $3::int)::text, 5, '0'), 'bench-admin', 1, now() ${device}`,
    [tenantId, count, branches],
  )
  await db.query(
    `insert into sync_device_report (tenant_id, device_id, account_id, branch_id, reported_at, received_at, waiting, failed)
     select $1, 'device-' || i, 'bench-admin', 'branch-' || lpad((i % $3::int)::text, 5, '0'), now(), now(), 0, 0 ${device}`,
    [tenantId, count, branches],
  )
  await vacuumAnalyze(db)
}
