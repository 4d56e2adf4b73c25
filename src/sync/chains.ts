/**
 * The chains of devices in the database: their runs move in the transaction that keeps the operations. docs/proof.md.
 */
import type { Queryable } from '../platform/database.ts'
import { joined } from './chain.ts'
import { type Chain, chainTable } from './chain-tables.ts'
import type { Decided } from './decide.ts'
import type { Inspected } from './inspect.ts'
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
    `insert into sync_chain (tenant_id, device_id, chain_id, runs, first_seen_at, last_seen_at)
     select $1, $2, id, '[]', $4, $4 from unnest($3::uuid[]) as id
     where $5 > (select count(*) from sync_chain c where c.tenant_id = $1 and c.device_id = $2 and c.chain_id <> id)
     order by id
     on conflict (tenant_id, device_id, chain_id) do update set last_seen_at = excluded.last_seen_at
     returning device_id as "deviceId", chain_id as "chainId", runs, untracked, first_seen_at as "firstSeenAt",
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
    const came = chunk.flatMap((each) => linksOf(each, chain, true))
    state.put(chainTable.row({ ...chain, ...moved(chain, came) }))
  }
}

function linksOf({ op: { link }, chain }: Inspected, { chainId }: Chain, again: boolean) {
  return link?.chain === chainId
    ? [{ deviceSeq: link.deviceSeq, prev: chain!.prev, link: link.link, again }]
    : []
}

function moved({ runs, untracked }: Chain, links: Parameters<typeof joined>[1]) {
  const next = joined(runs, links)
  return { runs: next.runs, untracked: untracked + next.untracked }
}

/** Moves the runs by what was kept, now or before: what spoke of who brought it has not come. */
export async function followChains(
  tx: Queryable,
  tenantId: string,
  chains: ReadonlyMap<string, Chain>,
  decided: readonly Decided[],
  isKnown: (clientOpId: string) => boolean,
): Promise<void> {
  for (const chain of chains.values()) {
    const came = decided.flatMap(({ inspected, fresh }) => {
      const again = isKnown(inspected.op.clientOpId)
      return fresh || again ? linksOf(inspected, chain, again) : []
    })
    if (came.length === 0) continue
    const { runs, untracked } = moved(chain, came)
    await tx.run(
      `update sync_chain set runs = $4::json, untracked = $5
       where tenant_id = $1 and device_id = $2 and chain_id = $3`,
      [tenantId, chain.deviceId, chain.chainId, JSON.stringify(runs), untracked],
    )
  }
}
