/**
 * The chains of a device as people see them: how far each is whole, what is missing, what came twice. docs/proof.md.
 */
import { createHash } from 'node:crypto'
import {
  type ChainState,
  canonicalOrigin,
  chainStates,
  type Range,
  type Run,
  stateOf,
} from '../sync/chain.ts'
import { maxChainsOfDevice } from '../sync/chains.ts'
import type { DeviceReport } from '../sync/device-report.ts'
import type { Builder } from './builder.ts'
import { badInput } from './errors.ts'
import { together } from './together.ts'

export type HeadInput = { id: string; deviceSeq: number; link: string; held: number }

/** Of one chain in an answer. */
const maxRanges = 100

export function checkedHead(head: HeadInput | null): DeviceReport['chain'] {
  if (!head) return null
  if (!/^[0-9a-f]{64}$/.test(head.link)) throw badInput('chain.link must be 64 lower-case hex digits.')
  for (const name of ['deviceSeq', 'held'] as const)
    if (head[name] < 0) throw badInput(`chain.${name} must be 0 or more, not ${head[name]}.`)
  return { ...head, id: head.id.toLowerCase() }
}

export type ToldChain = ChainState & {
  id: string
  headSeq: number | null
  rolledBackAt: Date | null
  firstSeenAt: Date
  lastSeenAt: Date
  givenUp: Range[]
}

type Kept = {
  id: string
  runs: Run[]
  untracked: number
  givenUp: { deviceSeq: number; kept?: true }[]
  firstSeenAt: Date
  lastSeenAt: Date
  headSeq: number | null
  headLink: string | null
  held: number | null
  rolledBackAt: Date | null
}

/** What is known of a device's chains, with what the device last said of them. */
const chainsOf = together<ToldChain[]>(async (db, tenantId, deviceIds) => {
  const kept = await db.rows<Kept & { deviceId: string }>(
    `select k.* from unnest($2::text[]) as asked (device_id), lateral (
       select c.device_id as "deviceId", c.chain_id as id, c.runs, c.untracked, c.given_up as "givenUp",
         c.first_seen_at as "firstSeenAt", c.last_seen_at as "lastSeenAt",
         r.head_seq as "headSeq", r.head_link as "headLink", r.head_held as held, r.rolled_back_at as "rolledBackAt"
       from sync_chain c left join sync_device_report r
         on r.tenant_id = $1 and r.tenant_id = c.tenant_id and r.device_id = c.device_id and r.chain_id = c.chain_id
       where c.tenant_id = $1 and c.device_id = asked.device_id
       order by c.last_seen_at desc, c.chain_id limit $3
     ) k`,
    [tenantId, deviceIds, maxChainsOfDevice],
  )
  const ofDevices = [...Map.groupBy(kept, ({ deviceId }) => deviceId)]
  return new Map(
    ofDevices.map(([deviceId, chains]) => [
      deviceId,
      chains.map((chain) => toldOf({ tenantId, deviceId }, chain)),
    ]),
  )
})

function toldOf(
  { tenantId, deviceId }: { tenantId: string; deviceId: string },
  { id, runs, untracked, givenUp, headSeq, headLink, held, firstSeenAt, lastSeenAt, rolledBackAt }: Kept,
): ToldChain {
  const origin = createHash('sha256')
    .update(canonicalOrigin({ tenantId, deviceId, chain: id }))
    .digest('hex')
  const head =
    headSeq === null || headLink === null ? null : { deviceSeq: headSeq, link: headLink, held: held ?? 0 }
  return {
    ...stateOf(origin, { runs, untracked }, head),
    ...(rolledBackAt ? { state: 'FORKED' } : {}),
    ...{
      id,
      headSeq,
      givenUp: rangesOf(givenUp.filter(({ kept }) => !kept)),
      firstSeenAt,
      lastSeenAt,
      rolledBackAt,
    },
  }
}

function rangesOf(numbers: readonly { deviceSeq: number }[]): Range[] {
  const ranges: { from: number; to: number }[] = []
  for (const seq of numbers.map(({ deviceSeq }) => deviceSeq).sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && seq <= last.to + 1) last.to = seq
    else ranges.push({ from: seq, to: seq })
  }
  return ranges
}

export function addChains(builder: Builder) {
  const HeadInputType = builder.inputType('ChainHeadInput', {
    description: 'The end of the chain on the device: what has been queued, sent or not.',
    fields: (t) => ({
      id: t.field({ type: 'UUID', required: true }),
      deviceSeq: t.field({ type: 'SafeInt', required: true }),
      link: t.string({ required: true }),
      held: t.int({
        required: true,
        description: 'How many of the chain it holds that the gateway has not kept yet.',
      }),
    }),
  })
  const State = builder.enumType('ChainState', {
    description:
      'WHOLE; WAITING: numbers have not come that the device says it holds; MISSING: nobody holds them; FORKED: a number has two links, or the store is an earlier one.',
    values: chainStates,
  })
  const RangeType = builder.objectRef<Range>('SeqRange').implement({
    fields: (t) => ({
      from: t.expose('from', { type: 'SafeInt' }),
      to: t.expose('to', { type: 'SafeInt' }),
    }),
  })
  const ChainType = builder.objectRef<ToldChain>('DeviceChain').implement({
    description: 'A chain of hashes over what a device recorded; evidence, it decides nothing.',
    fields: (t) => ({
      id: t.expose('id', { type: 'UUID' }),
      state: t.expose('state', { type: State }),
      wholeTo: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The last number up to which it is whole; null: its beginning has not come.',
        resolve: ({ whole }) => whole?.to ?? null,
      }),
      wholeLink: t.string({ nullable: true, resolve: ({ whole }) => whole?.link ?? null }),
      missing: t.field({
        type: [RangeType],
        description: `The latest ${maxRanges}; missingCount says how many numbers there are.`,
        resolve: ({ missing }) => missing.slice(-maxRanges),
      }),
      missingCount: t.expose('missingCount', { type: 'SafeInt' }),
      forks: t.field({ type: [RangeType], resolve: ({ forks }) => forks.slice(-maxRanges) }),
      givenUp: t.field({
        type: [RangeType],
        description:
          'Numbers that never came and are not missing: somebody gave them up on the device, with a reason.',
        resolve: ({ givenUp }) => givenUp.slice(-maxRanges),
      }),
      headSeq: t.expose('headSeq', {
        type: 'SafeInt',
        nullable: true,
        description: 'The last number that the device has spoken of.',
      }),
      rolledBackAt: t.expose('rolledBackAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the device spoke of a lower number than before: its store is an earlier one.',
      }),
      firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime' }),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
    }),
  })
  return { HeadInput: HeadInputType, ChainType, chainsOf }
}
