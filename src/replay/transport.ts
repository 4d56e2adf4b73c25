/**
 * How a till's operations reach the server. The replay knows only this much of it.
 */
import { createHash } from 'node:crypto'
import { canonicalOperation } from '../sync/canonical.ts'
import type { Json, OperationStatus } from '../sync/words.ts'
import type { Gateway } from './gateway.ts'
import { NotNow } from './persistence.ts'

/** An operation as a till queues it. */
export type TillOperation = {
  clientOpId: string
  type: 'cashSession.open' | 'cashSession.close' | 'sale.finalize'
  branchId: string
  payload: { [key: string]: Json }
  dependsOn: string[]
  occurredAt: string
  deviceSeq: number
}

export type Verdict = {
  clientOpId: string
  status: OperationStatus
  duplicate: boolean
  code: string | null
  message: string | null
}

/** A till's way to the server: takes operations in their order and resolves to a verdict for each, none DEFERRED. */
export type Till = {
  push: (operations: readonly TillOperation[]) => Promise<Verdict[]>
  /** After its last operation. */
  close?: () => Promise<void>
}
export type OpenTill = (tenantId: string, deviceId: string) => Promise<Till>

const pushMutation = `mutation ($input: SyncPushBatchInput!) {
  syncPushBatch(input: $input) { results { clientOpId status duplicate code message } }
}`

/** Tills that push batches over HTTP. `retry`: what was rejected before is decided anew. */
export function httpTills(gateway: Gateway, { retry }: { retry: boolean }): OpenTill {
  return async (tenantId, deviceId) => {
    const ofDevice = gateway.on(deviceId)
    return { push: (operations) => pushFrom(ofDevice, tenantId, deviceId, operations) }
  }

  async function pushFrom(
    ofDevice: Gateway,
    tenantId: string,
    deviceId: string,
    operations: readonly TillOperation[],
  ): Promise<Verdict[]> {
    const submitted = operations.map((operation) => ({
      ...operation,
      payloadHash: createHash('sha256').update(canonicalOperation(operation)).digest('hex'),
      retry,
    }))
    const verdicts: Verdict[] = []
    while (verdicts.length < submitted.length) {
      const input = { tenantId, deviceId, operations: submitted.slice(verdicts.length) }
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
