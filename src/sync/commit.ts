/**
 * Steps 4 to 8 of a push: the locks of a batch, and one chunk of its operations after the other. Business rows, operation
 * record, audit events and feed changes are committed together or not at all.
 */
import type { Queryable } from '../platform/database.ts'
import { followChains, foreseeChains, openChains } from './chains.ts'
import { type Decided, decideAll } from './decide.ts'
import { plan, type Stream, type Touched, type Written, writeHeads } from './feed.ts'
import { type Inspected, takesTurn } from './inspect.ts'
import type { Registry } from './module.ts'
import { loadKnown, recordRow, type Verdict } from './record.ts'
import { load, writeRows } from './sql.ts'
import { readsByStage } from './stages.ts'
import { State } from './state.ts'
import { openStream } from './stream.ts'
import type { AnyTable, Write } from './table.ts'
import { makeTenantStream, takeTenantChanges, tenantHead, tenantStream } from './tenant-stream.ts'

/** Streams whose locks are held, by branch. */
export type Streams = Map<string, Stream>

export type Committed = {
  readonly verdicts: readonly Verdict[]
  readonly touched: readonly Touched[]
  /** The tables that it wrote rows of. */
  readonly written: ReadonlySet<AnyTable>
}

/**
 * Decides a chunk and writes what was decided, under the locks of `locked`, whose heads it moves. Throws what PostgreSQL or
 * a decider throws.
 */
export async function commitChunk(
  tx: Queryable,
  registry: Registry,
  tenantId: string,
  chunk: readonly Inspected[],
  locked: Promise<Streams> | Streams,
): Promise<Committed> {
  // 5. What the record holds of the keys and of what they depend on.
  // 6. The rows that the operations name.
  // One connection answers in the order asked, each statement from its own snapshot: what is read after the
  // lock is what the last writer left, though nobody waits for the lock before asking.
  const state = new State()
  const keys = chunk.flatMap((each) => [each.op.clientOpId, ...each.dependsOn, ...askedAbout(each)])
  const stages = readsByStage(chunk.filter(takesTurn), state)
  const first = [...chunk.flatMap(({ op }) => registry.gate.reads(op)), ...(stages.next().value ?? [])]
  const [streams, chains, known] = await Promise.all([
    locked,
    openChains(tx, tenantId, chunk),
    loadKnown(tx, tenantId, keys),
    load(tx, tenantId, first, state),
  ])
  for (const reads of stages) await load(tx, tenantId, reads, state)

  // 7. Decide.
  foreseeChains(chains, chunk, state)
  const { decided, written } = decideAll(registry, chunk, known, state)

  // 8. Write.
  const opening = openedBranches(registry, written, streams)
  const { rows, touched } = plan(written, streams, new Set(opening.keys()))
  const verdicts = decided.map(({ inspected, verdict, fresh }) =>
    fresh && verdict.status === 'APPLIED'
      ? { ...verdict, appliedSeq: appliedSeq(streams, inspected.op.branchId) }
      : verdict,
  )
  const records = recordRows(decided, verdicts, (id) => known.has(id))
  await Promise.all([
    writeRows(tx, tenantId, [...written.map(({ write }) => write), ...rows, ...records]),
    writeHeads(tx, tenantId, touched),
    followChains(tx, tenantId, chains, decided, known),
  ])
  for (const [branchId, at] of opening)
    streams.set(branchId, await openStream(tx, registry, tenantId, branchId, at))

  return { verdicts, touched, written: new Set(written.map(({ write }) => write.table)) }
}

const askedAbout = (inspected: Inspected): readonly string[] =>
  takesTurn(inspected) ? (inspected.definition?.asksAbout?.(inspected.op.payload) ?? []) : []

/** The tenant's own stream is no branch's: nobody pulls it, and nobody waits for a number of it. */
const appliedSeq = (streams: Streams, branchId: string): number | null =>
  branchId === tenantStream ? null : (streams.get(branchId)?.headSeq ?? null)

/**
 * 4. Locks the streams of the branches named, in the order of their ids, and the tenant's own where the whole tenant is
 * written to; the branches' take what they lack of it. All is asked for at once, before anything is waited for.
 */
export async function lockStreams(
  tx: Queryable,
  tenantId: string,
  inspected: readonly Inspected[],
): Promise<Streams> {
  const waiting = inspected.filter(takesTurn)
  if (waiting.length === 0) return new Map()
  const wholeTenant = waiting.some(({ definition }) => definition?.scope === 'tenant')
  const named = waiting.map(({ op }) => op.branchId)
  const branchIds = [
    ...new Set(wholeTenant ? [tenantStream, ...named] : named.filter((id) => id !== tenantStream)),
  ]
  const made = wholeTenant ? makeTenantStream(tx, tenantId) : null
  const locked = tx.rows<Stream & { tenantSeq: number }>(
    `select branch_id as "branchId", head_seq as "headSeq", tenant_seq as "tenantSeq" from sync_stream
     where tenant_id = $1 and branch_id = any($2::text[]) order by branch_id for update`,
    [tenantId, branchIds],
  )
  const [streams, newest] = await Promise.all([locked, tenantHead(tx, tenantId), made])
  const byBranch = new Map(streams.map(({ branchId, headSeq }) => [branchId, { branchId, headSeq }]))
  const behind = streams.filter(({ branchId, tenantSeq }) => branchId !== tenantStream && tenantSeq < newest)
  if (behind.length > 0)
    for (const stream of await takeTenantChanges(
      tx,
      tenantId,
      behind.map(({ branchId }) => branchId),
    ))
      byBranch.set(stream.branchId, stream)
  return byBranch
}

/** The branches that these rows make, with the time of it. */
function openedBranches(
  { branchTable }: Registry,
  written: readonly Written[],
  streams: ReadonlyMap<string, Stream>,
): Map<string, Date> {
  const opened = new Map<string, Date>()
  for (const { write, op } of written) {
    const branchId = String(write.row.branchId)
    if (write.table === branchTable && !streams.has(branchId)) opened.set(branchId, op.at)
  }
  return opened
}

/** One row for each key decided; the last verdict of a key that was decided twice in the chunk. */
function recordRows(
  decided: readonly Decided[],
  verdicts: readonly Verdict[],
  isKnown: (clientOpId: string) => boolean,
): Write[] {
  const rows = new Map<string, Write>()
  decided.forEach(({ inspected, fresh }, i) => {
    const verdict = verdicts[i]
    if (fresh && verdict)
      rows.set(verdict.clientOpId, recordRow(inspected, verdict, isKnown(verdict.clientOpId)))
  })
  return [...rows.values()]
}
