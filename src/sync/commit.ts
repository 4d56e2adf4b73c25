/**
 * Steps 4 to 9 of a push: one chunk of operations in one transaction. Business rows, operation record,
 * audit events and feed changes are committed together or not at all.
 */
import type { Connection, Queryable } from '../platform/database.ts'
import { followChains, foreseeChains, openChains } from './chains.ts'
import { type Decided, decideAll } from './decide.ts'
import { fanOut, plan, type Stream, type Touched, type Written, writeHeads } from './feed.ts'
import { type Inspected, takesTurn } from './inspect.ts'
import type { Registry } from './module.ts'
import { loadKnown, recordRow, type Verdict } from './record.ts'
import { load, writeRows } from './sql.ts'
import { readsByStage } from './stages.ts'
import { State } from './state.ts'
import { openStream } from './stream.ts'
import type { AnyTable, Write } from './table.ts'

export type Committed = {
  readonly verdicts: readonly Verdict[]
  readonly touched: readonly Touched[]
  /** The tables that it wrote rows of. */
  readonly written: ReadonlySet<AnyTable>
}

/** Decides a chunk and commits what was decided. Throws what PostgreSQL or a decider throws, with nothing changed. */
export function commitChunk(
  connection: Connection,
  registry: Registry,
  tenantId: string,
  chunk: readonly Inspected[],
): Promise<Committed> {
  return connection.transaction(async (tx) => {
    // 4. Lock the streams of the branches named, in the order of their ids.
    // 5. What the record holds of the keys and of what they depend on.
    // 6. The rows that the operations name.
    // One connection answers in the order asked, each statement from its own snapshot: what is read after the
    // lock is what the last writer left, though nobody waits for the lock before asking.
    const state = new State()
    const keys = chunk.flatMap(({ op, dependsOn }) => [op.clientOpId, ...dependsOn])
    const stages = readsByStage(chunk.filter(takesTurn), state)
    const first = [...chunk.flatMap(({ op }) => registry.gate.reads(op)), ...(stages.next().value ?? [])]
    const [streams, chains, known] = await Promise.all([
      lockStreams(tx, tenantId, chunk),
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
    const { rows, fanned, fanOutFrom, touched } = plan(written, streams, new Set(opening.keys()))
    const verdicts = decided.map(({ inspected, verdict, fresh }) =>
      fresh && verdict.status === 'APPLIED'
        ? { ...verdict, appliedSeq: streams.get(inspected.op.branchId)?.headSeq ?? null }
        : verdict,
    )
    const records = recordRows(decided, verdicts, (id) => known.has(id))
    await Promise.all([
      writeRows(tx, tenantId, [...written.map(({ write }) => write), ...rows, ...records]),
      fanOut(tx, tenantId, fanned, fanOutFrom),
      writeHeads(tx, tenantId, touched),
      followChains(tx, tenantId, chains, decided, (id) => known.has(id)),
    ])
    for (const [branchId, at] of opening) await openStream(tx, registry, tenantId, branchId, at)

    return { verdicts, touched, written: new Set(written.map(({ write }) => write.table)) }
  })
}

async function lockStreams(
  tx: Queryable,
  tenantId: string,
  chunk: readonly Inspected[],
): Promise<Map<string, Stream>> {
  const waiting = chunk.filter(takesTurn)
  if (waiting.length === 0) return new Map()
  const wholeTenant = waiting.some(({ definition }) => definition?.scope === 'tenant')
  const branchIds = [...new Set(waiting.map(({ op }) => op.branchId))]
  // Those who write to the whole tenant take turns before they look which streams there are: the one before may be
  // opening another, which a look of earlier would miss, and the new branch would never hear of this change.
  const turn = wholeTenant
    ? tx.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`modula-sync tenant ${tenantId}`])
    : null
  const locked = tx.rows<Stream>(
    `select branch_id as "branchId", head_seq as "headSeq" from sync_stream
     where tenant_id = $1 and ($2 or branch_id = any($3::text[])) order by branch_id for update`,
    [tenantId, wholeTenant, branchIds],
  )
  const [streams] = await Promise.all([locked, turn])
  return new Map(streams.map((stream) => [stream.branchId, stream]))
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
