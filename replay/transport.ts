/**
 * How a till's operations reach the server. The replay knows only this much of it.
 */
import { createHash } from 'node:crypto'
import { canonicalOperation } from '../src/sync/canonical.ts'
import type { Json, OperationStatus } from '../src/sync/words.ts'
import type { Gateway } from './gateway.ts'
import { chainOf } from './linked.ts'
import { NotNow } from './persistence.ts'

/** An operation as a till queues it. */
export type TillOperation = {
  clientOpId: string
  type: 'cashSession.open' | 'cashSession.close' | 'sale.finalize'
  branchId: string
  payload: { [key: string]: Json }
  dependsOn: string[]
  occurredAt: string
  /** Null: it is an earlier one again. */
  deviceSeq: number | null
}

export type Verdict = {
  clientOpId: string
  status: OperationStatus
  duplicate: boolean
  code: string | null
  message: string | null
}

/** A till's way to the server: takes operations in their order and resolves to a verdict for each, none DEFERRED. */
type Till = {
  push: (operations: readonly TillOperation[]) => Promise<Verdict[]>
  /** After its last operation. */
  close?: () => Promise<void>
}
/** `chain`: a UUID for its operations. */
export type OpenTill = (tenantId: string, deviceId: string, chain: string) => Promise<Till>

const pushMutation = `mutation ($input: SyncPushBatchInput!) {
  syncPushBatch(input: $input) { results { clientOpId status duplicate code message } }
}`

const meQuery = 'query ($tenantId: ID!) { me(tenantId: $tenantId) { accountId } }'

/** Tills that push batches over HTTP. `retry`: what was rejected before is decided anew. */
export function httpTills(gateway: Gateway, { retry }: { retry: boolean }): OpenTill {
  return async (tenantId, deviceId, chain) => {
    const ofDevice = gateway.on(deviceId)
    const actorId = await ofDevice.request(
      meQuery,
      { tenantId },
      ({ me }: { me: { accountId: string } }) => me.accountId,
    )
    const { link } = chainOf({ tenantId, deviceId, chain, actorId })
    return {
      push: (operations) => pushFrom(ofDevice, { tenantId, deviceId }, operations.map(hashed).map(link)),
    }
  }

  function hashed(operation: TillOperation) {
    const payloadHash = createHash('sha256').update(canonicalOperation(operation)).digest('hex')
    return { ...operation, payloadHash, retry }
  }

  async function pushFrom(
    ofDevice: Gateway,
    of: { tenantId: string; deviceId: string },
    submitted: readonly TillOperation[],
  ): Promise<Verdict[]> {
    const verdicts: Verdict[] = []
    while (verdicts.length < submitted.length) {
      const input = { ...of, operations: submitted.slice(verdicts.length) }
      verdicts.push(...(await ofDevice.request(pushMutation, { input }, decidedOf)))
    }
    return verdicts
  }
}

/** The verdicts up to the first operation that is not decided yet; NotNow where that is the first one of all. */
function decidedOf({ syncPushBatch: { results } }: { syncPushBatch: { results: Verdict[] } }): Verdict[] {
  const undecided = results.findIndex(({ status }) => status === 'DEFERRED')
  if (undecided === 0) throw new NotNow(`${results[0]?.message} (${results[0]?.code})`)
  return undecided < 0 ? results : results.slice(0, undecided)
}
