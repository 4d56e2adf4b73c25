/**
 * Opening and rebuilding a branch's stream from the rows themselves: for a branch added later, whose stream
 * must hold the tenant's catalogue, and for repairs.
 */
import { randomUUID } from 'node:crypto'
import type { Queryable } from '../platform/database.ts'
import { type SnapshotTimes, type Stream, writeSnapshot } from './feed.ts'
import type { Registry } from './module.ts'
import { selectTold } from './sql.ts'
import type { AnyRow, AnyTable, Write } from './table.ts'
import { tenantHead } from './tenant-stream.ts'

const pageSize = 1000

/** Opens the stream of a new branch, with the tenant-wide state and the branch's own rows. */
export async function openStream(
  tx: Queryable,
  registry: Registry,
  tenantId: string,
  branchId: string,
  at: Date,
): Promise<Stream> {
  await tx.run(
    `insert into sync_stream (tenant_id, branch_id, epoch, head_seq, tenant_seq) values ($1, $2, $3, 0, $4)`,
    [tenantId, branchId, randomUUID(), await tenantHead(tx, tenantId)],
  )
  return fill(tx, registry, tenantId, branchId, { at, finishedSince: new Date(0) })
}

/**
 * Makes the stream anew from the rows, under a new epoch: every cursor of the old one is answered with
 * STREAM_RESET, and clients rebuild. Sequence numbers go on from the old head, so that none is used twice. What was
 * finished before `finishedSince` stays forgotten: retention.ts would only purge it again, and every till load it once.
 */
export async function rebuildStream(
  tx: Queryable,
  registry: Registry,
  tenantId: string,
  branchId: string,
  times: SnapshotTimes,
): Promise<void> {
  // What the tenant writes from here on is newer than this head, and will be taken, whether the rows show it yet or not.
  const locked = await tx.run(
    'update sync_stream set epoch = $3, tenant_seq = $4 where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId, randomUUID(), await tenantHead(tx, tenantId)],
  )
  if (locked === 0) throw new Error(`there is no stream of branch ${branchId} in tenant ${tenantId}`)
  const before = await headOf(tx, tenantId, branchId)
  await fill(tx, registry, tenantId, branchId, times)
  // What was not written anew is nothing any more.
  await tx.run('delete from sync_change where tenant_id = $1 and branch_id = $2 and seq <= $3', [
    tenantId,
    branchId,
    before,
  ])
}

async function fill(
  tx: Queryable,
  registry: Registry,
  tenantId: string,
  branchId: string,
  times: SnapshotTimes,
): Promise<Stream> {
  const stream: Stream = { branchId, headSeq: await headOf(tx, tenantId, branchId) }
  for (const table of registry.tables as AnyTable[]) {
    if (!table.change) continue
    const own = table.change.scope === 'branch' ? branchId : null
    for await (const rows of selectTold(tx, table, tenantId, own, pageSize))
      await writeSnapshot(
        tx,
        tenantId,
        stream,
        rows.map((row: AnyRow): Write => ({ table, row })),
        times,
      )
  }
  await tx.run('update sync_stream set head_seq = $3 where tenant_id = $1 and branch_id = $2', [
    tenantId,
    branchId,
    stream.headSeq,
  ])
  return stream
}

async function headOf(tx: Queryable, tenantId: string, branchId: string): Promise<number> {
  const [head] = await tx.rows<{ headSeq: number }>(
    'select head_seq as "headSeq" from sync_stream where tenant_id = $1 and branch_id = $2 for update',
    [tenantId, branchId],
  )
  return head?.headSeq ?? 0
}
