/**
 * The chains of devices in the database: their runs move in the transaction that keeps the operations. docs/proof.md.
 */
import type { Queryable } from '../platform/database.ts'
import { type GivenUp, joined, maxGivenUp } from './chain.ts'
import { type Chain, chainTable } from './chain-tables.ts'
import type { Decided } from './decide.ts'
import { hashOfLink, type Inspected } from './inspect.ts'
import type { Known } from './record.ts'
import type { State } from './state.ts'

/** Chains of a chunk, and of a device, that are followed: a device has one, and another when its store is new. */
const maxChainsOfChunk = 2
export const maxChainsOfDevice = 50

/** The chains of these operations, each locked until the transaction ends; a new one is begun. */
export async function openChains(
  tx: Queryable,
  tenantId: string,
  chunk: readonly Inspected[],
): Promise<ReadonlyMap<string, Chain>> {
  const ids = [...new Set(chunk.flatMap(({ op }) => (op.link ? [op.link.chain] : [])))]
  if (ids.length === 0) return new Map()
  const { deviceId, at } = chunk[0]!.op
  const rows = await tx.rows<Chain>(
    `insert into sync_chain (tenant_id, device_id, chain_id, runs, given_up, first_seen_at, last_seen_at)
     select $1, $2, id, '[]', '[]', $4, $4 from unnest($3::uuid[]) as id
     where $5 > (select count(*) from sync_chain c where c.tenant_id = $1 and c.device_id = $2 and c.chain_id <> id)
     order by id
     on conflict (tenant_id, device_id, chain_id) do update set last_seen_at = excluded.last_seen_at
     returning device_id as "deviceId", chain_id as "chainId", runs, untracked, given_up as "givenUp", first_seen_at as "firstSeenAt",
       last_seen_at as "lastSeenAt"`,
    [tenantId, deviceId, ids.slice(0, maxChainsOfChunk), at, maxChainsOfDevice],
  )
  return new Map(rows.map((row) => [row.chainId, row]))
}

/** What the chains will be when all of the chunk is kept: for deciders that look at where a device is. */
export function foreseeChains(
  chains: ReadonlyMap<string, Chain>,
  chunk: readonly Inspected[],
  state: State,
): void {
  for (const chain of chains.values()) {
    const came = chunk.map((inspected) => ({ inspected, again: true, isApplied: true, isElsewhere: false }))
    state.put(chainTable.row({ ...chain, ...moved(chain, came) }))
  }
}

type Came = {
  readonly inspected: Inspected
  readonly again: boolean
  readonly isApplied: boolean
  /** Its key was decided before, and the record that answers it has no place in this chain. */
  readonly isElsewhere: boolean
}

function moved(chain: Chain, came: readonly Came[]): Pick<Chain, 'runs' | 'untracked' | 'givenUp'> {
  const kept = joined(
    chain.runs,
    came.flatMap(({ inspected: { op, chain: sent }, again }) =>
      op.link?.chain === chain.chainId
        ? [{ deviceSeq: op.link.deviceSeq, prev: sent!.prev, link: op.link.link, again }]
        : [],
    ),
  )
  const isMissing = ({ deviceSeq }: GivenUp) =>
    !kept.runs.some(({ from, to }) => from <= deviceSeq && deviceSeq <= to)
  const given = came
    .flatMap(({ inspected, isApplied }) => (isApplied ? givenUpBy(inspected, chain) : []))
    .filter(isMissing)
    .slice(0, maxGivenUp - chain.givenUp.length)
  const filled = joined(
    kept.runs,
    given.map((of) => ({
      ...{ deviceSeq: of.deviceSeq, prev: of.prev, again: true },
      link: hashOfLink({ ...of, chain: chain.chainId }),
    })),
  )
  const givenUp = [...chain.givenUp, ...given]
  const isNew = ({ clientOpId, deviceSeq }: GivenUp) =>
    !givenUp.some((each) => each.deviceSeq === deviceSeq && each.clientOpId === clientOpId)
  const elsewhere = came
    .flatMap(({ inspected, isElsewhere }) => (isElsewhere ? placeOf(inspected, chain) : []))
    .filter(isNew)
    .slice(0, maxGivenUp - givenUp.length)
  return {
    runs: filled.runs,
    untracked: chain.untracked + kept.untracked + filled.untracked,
    givenUp: [...givenUp, ...elsewhere],
  }
}

/** What its link is of: who exports the chain has it nowhere else. */
function placeOf({ op, chain: sent, payloadHash }: Inspected, { chainId }: Chain): readonly GivenUp[] {
  const { link, clientOpId, actorId } = op
  if (link?.chain !== chainId || !sent) return []
  const { deviceSeq } = link
  const occurredAt = op.occurredAt.toISOString()
  const madeAs = sent.madeAs ?? payloadHash
  return [{ clientOpId, deviceSeq, prev: sent.prev, payloadHash: madeAs, actorId, occurredAt, kept: true }]
}

/** What an operation of the chain says will never come. */
function givenUpBy({ op, definition, fault }: Inspected, { chainId }: Chain): readonly GivenUp[] {
  return fault || op.link?.chain !== chainId ? [] : (definition?.givesUp?.(op.payload) ?? [])
}

/** Moves the runs by what was kept, now or before: what spoke of who brought it has not come. */
export async function followChains(
  tx: Queryable,
  tenantId: string,
  chains: ReadonlyMap<string, Chain>,
  decided: readonly Decided[],
  known: ReadonlyMap<string, Known>,
): Promise<void> {
  for (const chain of chains.values()) {
    const came = decided.flatMap(({ inspected, fresh, verdict }) => {
      const record = known.get(inspected.op.clientOpId)
      const again = record !== undefined
      const isElsewhere = again && !fresh && record.chainId !== chain.chainId
      const isOfChain = inspected.op.link?.chain === chain.chainId
      const isApplied = fresh && verdict.status === 'APPLIED'
      return isOfChain && (fresh || again) ? [{ inspected, again, isApplied, isElsewhere }] : []
    })
    if (came.length === 0) continue
    const { runs, untracked, givenUp } = moved(chain, came)
    await tx.run(
      `update sync_chain set runs = $4::json, untracked = $5, given_up = $6::json
       where tenant_id = $1 and device_id = $2 and chain_id = $3`,
      [tenantId, chain.deviceId, chain.chainId, JSON.stringify(runs), untracked, JSON.stringify(givenUp)],
    )
  }
}
