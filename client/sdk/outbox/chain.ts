/**
 * The chain of this device (docs/proof.md): each operation of a tenant gets its number and holds the link before it, in the
 * transaction that queues it. The chain is the store's: a new store has another device id, and so another chain.
 */
import { canonicalLink, canonicalOrigin } from '../../../src/sync/chain.ts'
import type { Commit } from '../state/commit.ts'
import type { LocalState } from '../state/local-state.ts'
import { type ChainHead, keys } from '../store/layout.ts'
import type { QueuedOperation, Verdict } from '../words.ts'
import { sha256Of } from './hash.ts'

type Place = 'position' | 'deviceSeq' | 'chain'

const chains = new Map<string, string>()

/** A UUID for each device id, made once; most are one. */
function chainOf(deviceId: string): string {
  const known = chains.get(deviceId)
  if (known) return known
  chains.set(deviceId, uuidOf(deviceId))
  return chainOf(deviceId)
}

function uuidOf(deviceId: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(deviceId)) return deviceId
  const hex = sha256Of(deviceId)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** As links have it; what is queued here is that already. */
const inUtc = (time: string): string =>
  time.length === 24 && time.endsWith('Z') ? time : new Date(time).toISOString()

/** The operations at the end of the queue and of their tenants' chains, in their order. */
export async function linked<Operation extends Omit<QueuedOperation, Place>>(
  commit: Commit,
  deviceId: string,
  operations: readonly Operation[],
): Promise<(Operation & Required<Pick<QueuedOperation, Place>>)[]> {
  const chain = chainOf(deviceId)
  const made: (Operation & Required<Pick<QueuedOperation, Place>>)[] = []
  await commit.lastPosition()
  for (const operation of operations) {
    const { tenantId, clientOpId, payloadHash, actorId } = operation
    const end = commit.knownEnd(tenantId) ?? (await commit.readEnd(tenantId))
    const deviceSeq = end.deviceSeq + 1
    const prev = end.link ?? sha256Of(canonicalOrigin({ chain, deviceId, tenantId }))
    const occurredAt = inUtc(operation.occurredAt)
    const content = { chain, deviceSeq, prev, clientOpId, payloadHash, actorId, occurredAt }
    // Hashes on each other's heels, and then what is written: each time the second takes a third of the first's time.
    const link = sha256Of(canonicalLink(content))
    commit.putDeviceSeq(tenantId, deviceSeq)
    commit.putChainHead(tenantId, { id: chain, deviceSeq, link })
    made.push({ ...operation, position: 0, deviceSeq, chain: { id: chain, prev, madeAs: payloadHash } })
  }
  const positions = await commit.takePositions(made.length)
  positions.forEach((position, i) => {
    made[i]!.position = position
  })
  return made
}

/**
 * By which paper is found again in the chain: the end of the device's id, the number, the beginning of the link
 * (`3F2A-17-9C01BD`). Null: it has none.
 */
export function referenceOf(deviceId: string, operation: QueuedOperation): string | null {
  const { chain, deviceSeq, clientOpId, actorId, occurredAt } = operation
  if (!chain) return null
  const of = { chain: chain.id, deviceSeq, prev: chain.prev, clientOpId, payloadHash: chain.madeAs, actorId }
  const link = sha256Of(canonicalLink({ ...of, occurredAt: new Date(occurredAt).toISOString() }))
  return [deviceId.slice(-4), deviceSeq, link.slice(0, 6)].join('-').toUpperCase()
}

/** What is sent of it. */
export const sentChain = ({ chain, payloadHash }: QueuedOperation) =>
  chain && {
    id: chain.id,
    prev: chain.prev,
    ...(chain.madeAs === payloadHash ? {} : { madeAs: chain.madeAs }),
  }

/** Rejections that the gateway does not keep, or has never heard of. */
const unkept = new Set(['ACTOR_NOT_ALLOWED', 'ACTOR_PROOF_REQUIRED', 'NO_BRANCH_ACCESS', 'UPCAST_FAILED'])

/** Whether the gateway has kept a word on it. One that it has not is still to be brought: nothing may stand in its place. */
export const hasCome = ({ came, status, verdict }: QueuedOperation): boolean =>
  came ?? (status === 'FAILED' && !unkept.has(verdict?.code ?? ''))

/** Whether it has, after this verdict: what falls with something that it has not kept it does not keep either. */
export function comesBy(
  { code, status }: Verdict,
  operation: QueuedOperation,
  of: (clientOpId: string) => QueuedOperation | undefined,
): boolean {
  if (operation.came || status !== 'REJECTED') return operation.came ?? false
  const fell = code === 'DEPENDENCY_FAILED' && operation.dependsOn.some((id) => isUnkept(of(id)))
  return !unkept.has(code ?? '') && !fell
}

const isUnkept = (operation: QueuedOperation | undefined) =>
  operation?.status === 'FAILED' && !hasCome(operation)

/** Where the chain ends, for the device's report; null: it has none yet. */
export async function reportedHead(
  { store, outbox }: LocalState,
  tenantId: string,
): Promise<(ChainHead & { held: number }) | null> {
  const head = await store.transact('read', (tx) => tx.get<ChainHead>('meta', keys.chain(tenantId)))
  if (!head) return null
  const refused = outbox.of(tenantId, 'FAILED').filter((each) => !hasCome(each))
  return {
    ...head,
    held: outbox.count(tenantId, 'PENDING') + outbox.count(tenantId, 'SYNCING') + refused.length,
  }
}
